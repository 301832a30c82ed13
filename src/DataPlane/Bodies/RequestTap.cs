namespace Gatehouse.DataPlane.Bodies;

/// <summary>
/// A request's body that can be read by more than the backend: what is read is kept up to a limit, so that it can be sent again or shown
/// to an authorization service first, and is passed on to those who read along.
/// </summary>
internal sealed class RequestTap(Stream inner, int limit) : Stream
{
    private readonly List<IBodyReader> _readers = [];
    private byte[] _kept = [];
    private int _length;
    private int _position;
    private bool _ended;
    private volatile bool _held;

    /// <summary>Whether everything that was read is still here.</summary>
    public bool IsWhole { get; private set; } = true;

    /// <summary>What was read.</summary>
    public ReadOnlyMemory<byte> Kept => _kept.AsMemory(0, _length);

    public override bool CanRead => true;

    public override bool CanSeek => false;

    public override bool CanWrite => false;

    public override long Length => throw new NotSupportedException();

    public override long Position
    {
        get => throw new NotSupportedException();
        set => throw new NotSupportedException();
    }

    /// <summary>Puts a tap in the place of a request's body, or finds the one that is there.</summary>
    /// <param name="request">Request.</param>
    /// <param name="limit">Bytes that are kept.</param>
    public static RequestTap Of(HttpRequest request, int limit)
    {
        if (request.Body is RequestTap known)
        {
            known.Widen(limit);
            return known;
        }
        var tap = new RequestTap(request.Body, limit);
        request.Body = tap;
        return tap;
    }

    /// <summary>Ends the reading of the body for now: it will start again from the first byte, so nothing more of it may get lost.</summary>
    public void Hold() => _held = true;

    /// <summary>Starts again from the first byte.</summary>
    public void Rewind()
    {
        _held = false;
        _position = IsWhole ? 0 : throw new InvalidOperationException("The body is not kept any more.");
    }

    /// <summary>Reads ahead until the body ends or is longer than <paramref name="count"/>.</summary>
    /// <returns>Whether the body is no longer than that.</returns>
    public async ValueTask<bool> FillAsync(int count, CancellationToken cancellationToken)
    {
        Widen(count + 1);
        var buffer = new byte[Math.Min(count + 1, 16 * 1024)];
        while (!_ended && _length <= count)
            await PullAsync(buffer.AsMemory(0, Math.Min(buffer.Length, count + 1 - _length)), cancellationToken);
        return _length <= count;
    }

    /// <summary>Lets someone read along, from the first byte on.</summary>
    public void Attach(IBodyReader reader)
    {
        if (_length > 0)
            reader.Write(Kept.Span);
        if (_ended)
            reader.Complete();
        else
            _readers.Add(reader);
    }

    public override async ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
    {
        if (buffer.IsEmpty)
            return 0;
        if (_held)
            throw new OperationCanceledException("The body starts again.");
        if (_position < _length)
        {
            var count = Math.Min(buffer.Length, _length - _position);
            _kept.AsSpan(_position, count).CopyTo(buffer.Span);
            _position += count;
            return count;
        }
        var read = _ended ? 0 : await PullAsync(buffer, cancellationToken);
        _position = _length;
        return read;
    }

    public override Task<int> ReadAsync(byte[] buffer, int offset, int count, CancellationToken cancellationToken) =>
        ReadAsync(buffer.AsMemory(offset, count), cancellationToken).AsTask();

    public override int Read(byte[] buffer, int offset, int count) => throw new NotSupportedException();

    public override void Flush()
    {
    }

    public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

    public override void SetLength(long value) => throw new NotSupportedException();

    public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException();

    private void Widen(int to) => limit = Math.Max(limit, to);

    private async ValueTask<int> PullAsync(Memory<byte> buffer, CancellationToken cancellationToken)
    {
        var read = await inner.ReadAsync(buffer, cancellationToken);
        _ended = read == 0;
        Keep(buffer.Span[..read]);
        foreach (var reader in _readers)
        {
            if (_ended)
                reader.Complete();
            else
                reader.Write(buffer.Span[..read]);
        }
        return read;
    }

    private void Keep(ReadOnlySpan<byte> data)
    {
        if (!IsWhole || data.IsEmpty)
            return;
        // What was on its way when the reading was ended still counts.
        if (_length + data.Length > limit && !_held)
        {
            IsWhole = false;
            (_kept, _length, _position) = ([], 0, 0);
            return;
        }
        if (_length + data.Length > _kept.Length)
            Array.Resize(ref _kept, Math.Max(_length + data.Length, Math.Min(limit, Math.Max(4 * 1024, _kept.Length * 2))));
        data.CopyTo(_kept.AsSpan(_length));
        _length += data.Length;
    }
}

/// <summary>Reads along what is read of a body; must never block.</summary>
internal interface IBodyReader
{
    void Write(ReadOnlySpan<byte> data);

    void Complete();
}
