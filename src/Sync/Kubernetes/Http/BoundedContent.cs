using System.Buffers;

namespace Gatehouse.Sync.Kubernetes.Http;

/// <summary>Reads answers without trusting their length.</summary>
internal static class BoundedContent
{
    /// <summary>All bytes.</summary>
    /// <exception cref="KubernetesException">There are more than may be.</exception>
    public static async Task<ReadOnlyMemory<byte>> ReadAsync(HttpContent content, int limit, CancellationToken cancellationToken)
    {
        var (bytes, isWhole) = await ReadUpToAsync(content, limit, cancellationToken);
        return isWhole ? bytes : throw new KubernetesException(0, "TooLarge", $"The API server's answer is larger than {limit} bytes.");
    }

    /// <summary>The first bytes, and whether these are all.</summary>
    public static async Task<(ReadOnlyMemory<byte> Bytes, bool IsWhole)> ReadUpToAsync(HttpContent content, int limit, CancellationToken cancellationToken)
    {
        await using var stream = await content.ReadAsStreamAsync(cancellationToken);
        var read = new ArrayBufferWriter<byte>(4096);
        while (true)
        {
            var count = await stream.ReadAsync(read.GetMemory(4096), cancellationToken);
            if (count == 0)
                return (read.WrittenMemory, true);
            read.Advance(count);
            if (read.WrittenCount > limit)
                return (read.WrittenMemory[..limit], false);
        }
    }
}
