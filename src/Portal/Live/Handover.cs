using Microsoft.Extensions.Caching.Memory;

namespace Gatehouse.Portal.Live;

/// <summary>
/// Carries what the first rendering has read to the circuit that takes the page over a moment later. The browser carries a key only: the values
/// may be larger than what a circuit accepts in one message, and nothing of them needs to travel twice.
/// </summary>
internal sealed class Handover : IDisposable
{
    private const int MostValues = 1_000;
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);
    private readonly MemoryCache values = new(new MemoryCacheOptions { SizeLimit = MostValues });

    public string Leave(object value)
    {
        var key = Guid.NewGuid().ToString("n");
        values.Set(key, value, new MemoryCacheEntryOptions { Size = 1, AbsoluteExpirationRelativeToNow = Patience });
        return key;
    }

    /// <summary>Once; null when nobody left it, it took too long, or another replica of the portal has it.</summary>
    public object? Take(string key)
    {
        if (!values.TryGetValue(key, out var value)) return null;
        values.Remove(key);
        return value;
    }

    public void Dispose() => values.Dispose();
}
