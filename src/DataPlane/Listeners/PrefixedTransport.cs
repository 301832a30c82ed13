using System.Buffers;
using System.IO.Pipelines;

namespace Gatehouse.DataPlane.Listeners;

/// <summary>A transport whose input begins with bytes that were read from the socket before. TLS reads it, which consumes what it examines.</summary>
internal sealed class PrefixedTransport(IDuplexPipe rest, byte[] first) : PipeReader, IDuplexPipe
{
    private ReadOnlySequence<byte> _first = new(first);
    private bool _gaveFirst;

    public PipeReader Input => _first.IsEmpty ? rest.Input : this;

    public PipeWriter Output => rest.Output;

    public override void AdvanceTo(SequencePosition consumed) => AdvanceTo(consumed, consumed);

    public override void AdvanceTo(SequencePosition consumed, SequencePosition examined)
    {
        if (!_gaveFirst)
        {
            rest.Input.AdvanceTo(consumed, examined);
            return;
        }
        _gaveFirst = false;
        _first = _first.Slice(consumed);
    }

    public override ValueTask<ReadResult> ReadAsync(CancellationToken cancellationToken = default) =>
        TryFirst(out var result) ? new ValueTask<ReadResult>(result) : rest.Input.ReadAsync(cancellationToken);

    public override bool TryRead(out ReadResult result) => TryFirst(out result) || rest.Input.TryRead(out result);

    public override void CancelPendingRead() => rest.Input.CancelPendingRead();

    public override void Complete(Exception? exception = null) => rest.Input.Complete(exception);

    private bool TryFirst(out ReadResult result)
    {
        _gaveFirst = !_first.IsEmpty;
        result = _gaveFirst ? new ReadResult(_first, isCanceled: false, isCompleted: false) : default;
        return _gaveFirst;
    }
}
