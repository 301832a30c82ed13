using System.Net;
using System.Text;
using System.Threading.Channels;

namespace Gatehouse.DataPlane.Tests.Harness;

/// <summary>A request body that is sent piece by piece.</summary>
internal sealed class StreamedContent : HttpContent
{
    private readonly Channel<string> _pieces = Channel.CreateUnbounded<string>();

    public ValueTask WriteAsync(string piece) => _pieces.Writer.WriteAsync(piece);

    public void Complete() => _pieces.Writer.Complete();

    protected override async Task SerializeToStreamAsync(Stream stream, TransportContext? context)
    {
        await foreach (var piece in _pieces.Reader.ReadAllAsync())
        {
            await stream.WriteAsync(Encoding.ASCII.GetBytes(piece));
            await stream.FlushAsync();
        }
    }

    protected override bool TryComputeLength(out long length)
    {
        length = 0;
        return false;
    }
}
