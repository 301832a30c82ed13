namespace Gatehouse.Sync.Kubernetes.Watching;

/// <summary>Lines of a stream that may fall silent without closing.</summary>
internal sealed class WatchLines(Stream stream, KubernetesClientOptions options) : IAsyncDisposable
{
    private const int FirstSize = 16 << 10;

    private readonly CancellationTokenSource _silence = new(Timeout.InfiniteTimeSpan, options.Time);
    private byte[] _buffer = new byte[FirstSize];
    private int _start;
    private int _end;

    /// <summary>The next line without its end, valid until the next call; null: the stream ended. A line that the end cuts off is dropped: it comes again.</summary>
    /// <exception cref="KubernetesException">A line is too long.</exception>
    /// <exception cref="SilenceException">Nothing came for too long.</exception>
    public async ValueTask<ReadOnlyMemory<byte>?> NextAsync(CancellationToken cancellationToken)
    {
        var searched = 0;
        while (true)
        {
            var found = _buffer.AsSpan(_start + searched, _end - _start - searched).IndexOf((byte)'\n');
            if (found >= 0)
            {
                var line = _buffer.AsMemory(_start, searched + found);
                _start += searched + found + 1;
                return line;
            }
            searched = _end - _start;
            if (searched > options.LineBytes)
                throw new KubernetesException(0, "TooLarge", $"A line of the watch is longer than {options.LineBytes} bytes.");
            MakeRoom();
            var count = await ReadAsync(_buffer.AsMemory(_end), cancellationToken);
            if (count == 0)
                return null;
            _end += count;
        }
    }

    /// <inheritdoc />
    public ValueTask DisposeAsync()
    {
        _silence.Dispose();
        return stream.DisposeAsync();
    }

    /// <summary>The clock of silence runs only while the server is waited for, not while the caller is busy.</summary>
    private async ValueTask<int> ReadAsync(Memory<byte> into, CancellationToken cancellationToken)
    {
        _silence.CancelAfter(options.WatchSilence);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(_silence.Token, cancellationToken);
        try
        {
            return await stream.ReadAsync(into, either.Token);
        }
        catch (OperationCanceledException exception) when (_silence.IsCancellationRequested && !cancellationToken.IsCancellationRequested)
        {
            throw new SilenceException(exception);
        }
        finally
        {
            _silence.CancelAfter(Timeout.InfiniteTimeSpan);
        }
    }

    private void MakeRoom()
    {
        if (_start > 0)
        {
            _buffer.AsSpan(_start, _end - _start).CopyTo(_buffer);
            (_start, _end) = (0, _end - _start);
        }
        if (_end == _buffer.Length)
            Array.Resize(ref _buffer, _buffer.Length * 2);
        else if (_end == 0 && _buffer.Length > FirstSize)
            _buffer = new byte[FirstSize];
    }
}

/// <summary>Nothing came for too long, though the stream is open.</summary>
internal sealed class SilenceException(Exception inner) : Exception("The watch has fallen silent.", inner);
