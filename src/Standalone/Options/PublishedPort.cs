using System.Globalization;

namespace Gatehouse.Standalone.Options;

/// <summary>A listener port and the port that is bound for it.</summary>
/// <param name="Listener">Port that Gateways name.</param>
/// <param name="Bound">Port of this machine.</param>
internal sealed record PublishedPort(int Listener, int Bound)
{
    public override string ToString() => string.Create(CultureInfo.InvariantCulture, $"{Listener}:{Bound}");

    /// <summary><c>80:8080,443:8443</c>; null with a reason if it is none.</summary>
    public static IReadOnlyList<PublishedPort>? ParseList(string text, out string? error)
    {
        var ports = new List<PublishedPort>();
        error = null;
        foreach (var item in text.Split(',', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries))
        {
            var halves = item.Split(':');
            if (halves.Length == 2 && TryPort(halves[0], out var listener) && TryPort(halves[1], out var bound))
                ports.Add(new PublishedPort(listener, bound));
            else
                error = $"'{item}' is not LISTENER-PORT:BOUND-PORT such as 80:8080";
        }
        if (ports.Select(port => port.Listener).Distinct().Count() < ports.Count || ports.Select(port => port.Bound).Distinct().Count() < ports.Count)
            error = $"'{text}' names a port twice";
        return error is null ? ports : null;
    }

    private static bool TryPort(string text, out int port) =>
        int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out port) && port is >= 1 and <= 65535;
}
