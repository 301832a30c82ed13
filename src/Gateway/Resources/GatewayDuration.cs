namespace Gatehouse.Gateway.Resources;

/// <summary>
/// Durations as GEP-2257 writes them: one to four components of one to five digits and a unit (h, m, s, ms) that add up
/// (https://gateway-api.sigs.k8s.io/geps/gep-2257/).
/// </summary>
public static class GatewayDuration
{
    private const int MaxComponents = 4;
    private const int MaxDigits = 5;

    /// <summary>Parses <c>1h30m</c>, <c>500ms</c>, <c>0s</c>; a bare <c>0</c>, fractions and signs are not durations.</summary>
    public static bool TryParse(string? text, out TimeSpan duration)
    {
        duration = TimeSpan.Zero;
        if (string.IsNullOrEmpty(text))
            return false;
        var rest = text.AsSpan();
        var milliseconds = 0L;
        for (var component = 0; rest.Length > 0; component++)
        {
            if (component == MaxComponents || !TryTakeComponent(ref rest, out var length))
                return false;
            milliseconds += length;
        }
        duration = TimeSpan.FromMilliseconds(milliseconds);
        return true;
    }

    private static bool TryTakeComponent(ref ReadOnlySpan<char> rest, out long milliseconds)
    {
        var digits = 0;
        milliseconds = 0;
        for (; digits < rest.Length && char.IsAsciiDigit(rest[digits]); digits++)
        {
            if (digits == MaxDigits)
                return false;
            milliseconds = milliseconds * 10 + (rest[digits] - '0');
        }
        if (digits == 0)
            return false;
        rest = rest[digits..];
        var (unit, scale) = rest switch
        {
            ['m', 's', ..] => (2, 1L),
            ['s', ..] => (1, 1_000L),
            ['m', ..] => (1, 60_000L),
            ['h', ..] => (1, 3_600_000L),
            _ => (0, 0L),
        };
        rest = rest[unit..];
        milliseconds *= scale;
        return unit > 0;
    }
}
