using Gatehouse.Contracts.Api;
using Gatehouse.Contracts.Feed;
using Gatehouse.Control.Replicas;

namespace Gatehouse.Control.Status;

/// <summary>What the data planes say of an object's backends.</summary>
internal static class HealthRule
{
    private const string Healthy = "healthy";
    private const string Unhealthy = "unhealthy";
    private const string Unprobed = "unknown";

    /// <summary>Whether every replica has at least one healthy endpoint.</summary>
    public static Verdict Of(ObjectView view)
    {
        foreach (var replica in view.Replicas.Values.SelectMany(replicas => replicas))
        {
            var endpoints = view.Compiled.BackendKeys.SelectMany(key => Reports(replica, key)).ToList();
            if (endpoints.Exists(endpoint => endpoint.Health == Healthy))
                continue;
            if (endpoints.Find(endpoint => endpoint.Health == Unhealthy) is not { } failed || endpoints.Exists(endpoint => endpoint.Health == Unprobed))
                return Verdict.Unknown("Probing", $"Data plane `{replica.Replica}` has not reached an endpoint yet.");
            return Verdict.False(
                "NoHealthyEndpoint",
                $"Data plane `{replica.Replica}` reaches no endpoint; the backend's owner must start one. {failed.Address}: {failed.Reason ?? "unhealthy"}");
        }

        return Verdict.True("Live", "Every connected data plane reaches at least one healthy endpoint.");
    }

    /// <summary>Endpoints with the worst that any replica says of each.</summary>
    public static IReadOnlyList<EndpointStatus> EndpointsOf(ObjectView view)
    {
        var worst = new Dictionary<string, EndpointReport>(StringComparer.Ordinal);
        foreach (var replica in view.Replicas.Values.SelectMany(replicas => replicas))
        {
            foreach (var report in view.Compiled.BackendKeys.SelectMany(key => Reports(replica, key)))
            {
                if (!worst.TryGetValue(report.Address, out var present) || Badness(report) > Badness(present))
                    worst[report.Address] = report;
            }
        }

        return [.. worst.Values.OrderBy(report => report.Address, StringComparer.Ordinal).Select(report => new EndpointStatus(report.Address, report.Health, report.Reason))];
    }

    private static IReadOnlyList<EndpointReport> Reports(ReplicaState replica, string key) =>
        replica.Health is { } health && health.TryGetValue(key, out var reports) ? reports : [];

    private static int Badness(EndpointReport report) => report.Health switch
    {
        Unhealthy => 2,
        Healthy => 0,
        _ => 1,
    };
}
