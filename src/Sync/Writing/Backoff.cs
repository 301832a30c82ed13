namespace Gatehouse.Sync.Writing;

/// <summary>How long an object waits after failures.</summary>
internal static class Backoff
{
    /// <summary>Doubles from the first pause to the longest, ±50 %.</summary>
    public static TimeSpan After(int failures, TimeSpan first, TimeSpan longest, double random)
    {
        var pause = first * Math.Pow(2, Math.Clamp(failures - 1, 0, 20));
        return (pause < longest ? pause : longest) * (0.5 + random);
    }
}
