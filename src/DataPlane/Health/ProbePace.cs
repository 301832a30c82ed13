using Gatehouse.DataPlane.Backends;
using Yarp.ReverseProxy.Model;

namespace Gatehouse.DataPlane.Health;

/// <summary>When an endpoint is probed next.</summary>
internal static class ProbePace
{
    /// <summary>How long a TCP endpoint that was reached is believed.</summary>
    public static readonly TimeSpan Healthy = TimeSpan.FromSeconds(30);

    private static readonly TimeSpan First = TimeSpan.FromMilliseconds(500);
    private static readonly TimeSpan Longest = TimeSpan.FromSeconds(15);
    private static readonly TimeSpan UntilKnown = TimeSpan.FromSeconds(1);

    /// <summary>TCP probes of all endpoints together stay below a hundred a second.</summary>
    private static readonly TimeSpan ShareOfEach = TimeSpan.FromMilliseconds(10);

    public static TimeSpan Next(BackendState backend, EndpointState endpoint, int endpoints)
    {
        if (backend.Entry.ActiveCheck is { } check)
        {
            var interval = TimeSpan.FromMilliseconds(Math.Clamp(check.IntervalMs, 500, 3_600_000));
            return Jittered(endpoint.Destination.Health.Active == DestinationHealth.Unknown && interval > UntilKnown ? UntilKnown : interval);
        }
        var pace = endpoint.Health.Streak > 0 ? Healthy : AfterFailure(-endpoint.Health.Streak);
        var floor = ShareOfEach * endpoints;
        return Jittered(pace > floor ? pace : floor);
    }

    /// <summary>Doubles with each failure in a row.</summary>
    public static TimeSpan AfterFailure(int failures)
    {
        var pause = First * Math.Pow(2, Math.Min(10, Math.Max(0, failures - 1)));
        return pause < Longest ? pause : Longest;
    }

    // So that probes of many replicas and endpoints do not fall together.
    private static TimeSpan Jittered(TimeSpan pause) => pause * (0.9 + 0.2 * Random.Shared.NextDouble());
}
