using Gatehouse.Contracts.Api;
using Gatehouse.Control.Compiling;
using Gatehouse.Control.Status;
using Gatehouse.Gateway.Compilation;
using Gatehouse.Gateway.Matching;
using Gatehouse.Gateway.Projection;
using Gatehouse.Gateway.Resources;
using Gatehouse.Gateway.Status;
using Gatehouse.Persistence.Issuance;

namespace Gatehouse.Issuance.Certificates;

/// <summary>What a Hostname needs of a certificate.</summary>
internal enum NeedKind
{
    /// <summary>The compiler has not seen the Hostname's present generation yet.</summary>
    Unknown,

    /// <summary>One that is issued and renewed here.</summary>
    Managed,

    /// <summary>None: another certificate of the tenant covers the name for a while.</summary>
    Covered,

    /// <summary>None: its tenant wants uploaded ones alone, or the platform has no authority.</summary>
    Off,

    /// <summary>None: no port for TLS is open to it.</summary>
    Closed,

    /// <summary>None: the cluster that serves it has its own issuer.</summary>
    External,
}

/// <summary>What a Hostname needs of a certificate, and of which pools.</summary>
/// <param name="Kind">What.</param>
internal sealed record CertificateNeed(NeedKind Kind)
{
    /// <summary>Covered: until when it need not be looked at again.</summary>
    public DateTimeOffset? Until { get; init; }

    /// <summary>Pools of data planes that serve it; empty: only clusters do.</summary>
    public IReadOnlyList<string> Pools { get; init; } = [];

    public HostnameProblem? Problem { get; init; }

    /// <summary>Looks at what is compiled.</summary>
    public static CertificateNeed Of(CompileState state, IssuanceState issuance, HostnameSpec spec, IssuanceOptions options, DateTimeOffset now)
    {
        var key = new ResourceKey(ResourceKind.Hostname, issuance.Row.Tenant, issuance.Row.Hostname);
        if (!state.IsLoaded || state.Snapshot.Statuses.GetValueOrDefault(key) is not { } status || status.Generation < issuance.Row.Generation)
            return new CertificateNeed(NeedKind.Unknown);
        if (status.Conditions.FirstOrDefault(condition => condition.Type == ConditionType.Verified) is not { Status: "True" })
            return new CertificateNeed(NeedKind.Unknown);
        var covering = Covering(state.Snapshot, status, issuance, spec);
        if (covering is { } until && until - options.UploadedMargin > now)
            return new CertificateNeed(NeedKind.Covered) { Until = until - options.UploadedMargin };
        if (status.Conditions.Any(static condition => condition is { Type: ConditionType.CertificateReady, Reason: ConditionReason.IssuedInCluster }))
            return new CertificateNeed(NeedKind.External);
        if (spec.Certificate?.Source == "Uploaded")
            return new CertificateNeed(NeedKind.Off);
        // Connections go through to the backends, who show certificates of their own.
        if (ListenersOf(state.Snapshot, status).Any(listener => listener.Tls is { Passthrough: true }))
            return new CertificateNeed(NeedKind.Off);
        if (options.Authorities.Count == 0)
        {
            return new CertificateNeed(NeedKind.Off)
            {
                Problem = new HostnameProblem("NoAuthority", "Platform", "The platform has no certificate authority.", "Upload a certificate, or ask a platform admin to configure an authority."),
            };
        }
        if (status.Conditions.All(condition => condition.Type != ConditionType.CertificateReady))
        {
            return new CertificateNeed(NeedKind.Closed)
            {
                Problem = new HostnameProblem("TlsPortClosed", "Platform", "No Gateway that serves the name has a port for TLS that is open to its tenant.", "A platform admin must list port 443 in tenantGateways.ports of the GatewayClass."),
            };
        }
        return new CertificateNeed(NeedKind.Managed) { Pools = [.. status.Pools.Where(pool => ClusterPool.ClusterOf(pool) is null)] };
    }

    private static IEnumerable<ListenerEntry> ListenersOf(Snapshot snapshot, ResourceStatus status) =>
        status.Pools.Where(snapshot.Pools.ContainsKey)
            .SelectMany(pool => status.ListenerIds.Select(id => snapshot.Pools[pool].Table.Listeners.GetValueOrDefault(id))).OfType<ListenerEntry>();

    // End of the longest validity among the usable certificates that its listeners show, other than its own managed one.
    private static DateTimeOffset? Covering(Snapshot snapshot, ResourceStatus status, IssuanceState issuance, HostnameSpec spec)
    {
        DateTimeOffset? longest = null;
        var row = issuance.Row;
        var asks = BaseNames.AsksForItsOwn(spec);
        string[] own = [IssuanceRows.CertificateNameOf(row.Hostname), IssuanceRows.CertificateNameOf(issuance.Subject)];
        foreach (var key in ListenersOf(snapshot, status).SelectMany(listener => listener.Tls?.Certificates ?? []).Distinct())
        {
            var slash = key.IndexOf('/', StringComparison.Ordinal);
            var certificate = new ResourceKey(ResourceKind.Certificate, key[..slash], key[(slash + 1)..]);
            // What was issued for another name need not be what this one asks for.
            if (certificate.Tenant == row.Tenant && (own.Contains(certificate.Name) || (asks && IssuanceRows.IsManagedName(certificate.Name))))
                continue;
            if (snapshot.Statuses.GetValueOrDefault(certificate)?.Certificate is { } details && (longest is null || details.NotAfter > longest))
                longest = details.NotAfter;
        }
        return longest;
    }
}
