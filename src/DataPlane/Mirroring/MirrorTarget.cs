using Gatehouse.Gateway.Matching;

namespace Gatehouse.DataPlane.Mirroring;

/// <summary>A mirror of a rule, made ready to run.</summary>
internal sealed class MirrorTarget(MirrorAction action)
{
    private ulong _sequence = (ulong)Random.Shared.NextInt64();

    /// <summary>Key of the backend that gets the copies.</summary>
    public string Backend => action.Backend;

    /// <summary>
    /// Whether the next request is copied. As with weights the draws walk a Weyl sequence, so that the share is kept over few requests too.
    /// </summary>
    public bool Draw()
    {
        if (action.Numerator >= action.Denominator)
            return true;
        return Math.BigMul(Interlocked.Increment(ref _sequence) * 0x9E3779B97F4A7C15UL, (ulong)action.Denominator, out _) < (ulong)action.Numerator;
    }
}
