using Gatehouse.Gateway.Resources;
using Gatehouse.Gateway.Validation.Reading;

namespace Gatehouse.Gateway.Validation.Kinds;

/// <summary>Health checks of a Backend.</summary>
internal static class BackendHealth
{
    private static readonly TimeSpan Second = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan Hour = TimeSpan.FromHours(1);

    private static readonly TextFormat Path = new(1, 1024, @"\A/[!""$-~]*\z", "a path with optional query that begins with '/', without spaces and '#'");

    public static BackendHealthChecks Read(ObjectReader checks) => new()
    {
        Active = checks.Object("active", ReadActive),
        Passive = checks.Object("passive", ReadPassive),
    };

    private static ActiveHealthCheck ReadActive(ObjectReader check) => new()
    {
        Path = check.Text("path", Path),
        Interval = Bounded(check, "interval", Second, Hour, "1s to 1h"),
        Timeout = Bounded(check, "timeout", TimeSpan.FromMilliseconds(100), TimeSpan.FromMinutes(1), "100ms to 1m"),
        UnhealthyThreshold = check.Integer("unhealthyThreshold", 1, 10),
        HealthyThreshold = check.Integer("healthyThreshold", 1, 10),
    };

    private static PassiveHealthCheck ReadPassive(ObjectReader check) => new()
    {
        FailurePercent = check.Integer("failurePercent", 1, 100),
        ReactivationPeriod = Bounded(check, "reactivationPeriod", Second, Hour, "1s to 1h"),
    };

    private static string? Bounded(ObjectReader check, string name, TimeSpan min, TimeSpan max, string range)
    {
        var text = check.Text(name, Formats.Duration);
        if (GatewayDuration.TryParse(text, out var duration) && (duration < min || duration > max))
            check.Report(ErrorCodes.OutOfRange, $"Must be from {range}, not {text}.", name);
        return text;
    }
}
