using System.IO.Pipelines;
using System.Net;
using Gatehouse.DataPlane.Bodies;

namespace Gatehouse.DataPlane.Mirroring;

/// <summary>
/// The body of a copy. What the main request reads is put into a bounded buffer; when the mirror does not take it fast enough the copy is
/// given up, and the main request never waits.
/// </summary>
internal sealed class MirrorBody(long? length, Action onEnd) : HttpContent, IBodyReader
{
    private const int Capacity = 256 * 1024;

    // Never pauses the writer: the bound is kept by giving up.
    private readonly Pipe _pipe = new(new PipeOptions(pauseWriterThreshold: 0, useSynchronizationContext: false));

    // The main request writes, the copy's own end may come at any time: the pipe's writer is for one at a time.
    private readonly Lock _gate = new();
    private readonly TaskCompletionSource _sent = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private long _waiting;
    private long _written;
    private bool _ended;

    /// <summary>Completes once the mirror has all of the body.</summary>
    public Task Sent => _sent.Task;

    public void Write(ReadOnlySpan<byte> data)
    {
        lock (_gate)
        {
            if (_ended)
                return;
            if (Interlocked.Add(ref _waiting, data.Length) > Capacity)
            {
                End(new IOException("The mirror is too slow."));
                return;
            }
            data.CopyTo(_pipe.Writer.GetSpan(data.Length));
            _pipe.Writer.Advance(data.Length);
            // Is complete already, as the writer never pauses.
            _ = _pipe.Writer.FlushAsync(CancellationToken.None).AsTask();
            _written += data.Length;
            if (_written == length)
                End(null);
        }
    }

    /// <summary>The body is all here.</summary>
    public void Complete()
    {
        lock (_gate)
            End(null);
    }

    /// <summary>The body will never be all here.</summary>
    public void Abandon()
    {
        lock (_gate)
            End(new IOException("The copy is given up."));
    }

    protected override Task SerializeToStreamAsync(Stream stream, TransportContext? context) => SerializeToStreamAsync(stream, context, CancellationToken.None);

    protected override async Task SerializeToStreamAsync(Stream stream, TransportContext? context, CancellationToken cancellationToken)
    {
        while (true)
        {
            var read = await _pipe.Reader.ReadAsync(cancellationToken);
            foreach (var segment in read.Buffer)
            {
                await stream.WriteAsync(segment, cancellationToken);
                Interlocked.Add(ref _waiting, -segment.Length);
            }
            _pipe.Reader.AdvanceTo(read.Buffer.End);
            if (read.IsCompleted)
                break;
            await stream.FlushAsync(cancellationToken);
        }
        await _pipe.Reader.CompleteAsync();
        _sent.TrySetResult();
    }

    protected override bool TryComputeLength(out long computed)
    {
        computed = length ?? 0;
        return length is not null;
    }

    private void End(Exception? failure)
    {
        if (_ended)
            return;
        _ended = true;
        _pipe.Writer.Complete(failure);
        onEnd();
    }
}
