using Gatehouse.Gateway.Compilation.Conditions;
using Gatehouse.Gateway.Compilation.Incremental;
using Gatehouse.Gateway.Resources;

namespace Gatehouse.Gateway.Compilation.Resolve;

/// <summary>Resolves one listener (https://gateway-api.sigs.k8s.io/reference/spec/#listener).</summary>
internal static class ListenerResolver
{
    /// <summary>Mode of TLS that is left to the backend.</summary>
    public const string Passthrough = "Passthrough";

    /// <param name="source">What has the listener.</param>
    /// <param name="index">Its place there.</param>
    /// <param name="listener">The listener.</param>
    /// <param name="id">Its id.</param>
    /// <param name="gateway">Gateway that it is added to.</param>
    /// <param name="reads">What may be read.</param>
    /// <param name="own">Client certificates as the source itself wants them validated; null: as the Gateway does.</param>
    public static ListenerModel Resolve(Resource source, int index, Listener listener, string id, GatewayModel gateway, Reads reads, ClientValidation? own = null)
    {
        var protocol = ListenerProtocol.Canonical(listener.Protocol);
        var problems = new List<ReferenceProblem>();
        var passthrough = protocol == ListenerProtocol.Tls && listener.Tls?.Mode == Passthrough;
        var certificates = protocol is ListenerProtocol.Https or ListenerProtocol.Tls && !passthrough ? CertificatesOf(source.Key, listener, problems, reads) : [];
        var shared = protocol == ListenerProtocol.Https && own is null ? gateway.ClientValidation.Of(listener.Port) : null;
        if (shared?.Problem is { } unresolved)
            problems.Add(new ReferenceProblem(unresolved.Reason, AuthoritiesMessage(source.Key, gateway, unresolved.Message)));
        if (own?.Problem is { } mistaken)
            problems.Add(mistaken with { Message = $"tls.clientValidation: {mistaken.Message}" });
        var kinds = KindsOf(listener, protocol, problems);
        return new ListenerModel
        {
            Id = id,
            Source = source.Key,
            SourceCreatedAt = source.CreatedAt,
            Index = index,
            Gateway = gateway,
            Spec = listener,
            Protocol = protocol,
            Passthrough = passthrough,
            Certificates = certificates,
            ClientValidation = (own ?? shared)?.Entry,
            SupportedKinds = kinds,
            Accepted = AcceptedOf(source, listener, protocol, gateway, shared, reads),
            ResolvedRefs = ResolvedRefsOf(problems),
        };
    }

    /// <summary>Id of a listener that is written out.</summary>
    public static string IdOf(ResourceKey source, string listener) => $"{source.Tenant}/{source.Kind}/{source.Name}/{listener}";

    private static Verdict AcceptedOf(Resource source, Listener listener, string protocol, GatewayModel gateway, ClientValidation? validation, Reads reads)
    {
        var tenant = source.Key.Tenant;
        if (gateway.State != GatewayState.Served)
            return Verdict.False(Reasons.Accepted, Reasons.Invalid, $"Gateway `{gateway.Name}` is not accepted: {gateway.Accepted.Message}");
        if (!reads.Options.Capabilities.Protocols.Contains(protocol))
            return Verdict.False(Reasons.Accepted, Reasons.UnsupportedProtocol, $"Protocol `{listener.Protocol}` is not served by pool `{gateway.Pool}`: use {string.Join(" or ", reads.Options.Capabilities.Protocols.Order(StringComparer.Ordinal))}.");
        // A source's own validation without authorities keeps its name and refuses handshakes: else a less specific listener let everybody in.
        // "If ALL CACertificateRefs are invalid …" (https://gateway-api.sigs.k8s.io/reference/spec/#frontendtlsvalidation).
        if (validation is { IsRefused: true })
            return Verdict.False(Reasons.Accepted, Reasons.NoValidCaCertificate, AuthoritiesMessage(source.Key, gateway, validation.Problem!.Message) + ".");
        if (tenant == ResourceKind.PlatformTenant)
            return Verdict.Accepted;
        if (!gateway.IsOpenTo(source, listener.Port))
            return Verdict.False(Reasons.Accepted, Reasons.PortUnavailable, $"Tenant `{tenant}` may not open port {listener.Port} on Gateway `{gateway.Name}`: a platform admin must list it in tenantGateways.ports of the GatewayClass.");
        return gateway.Shared ? OnSharedAddress(source, listener, protocol, gateway, reads) : Verdict.Accepted;
    }

    // Where several tenants meet, a listener takes the names that its tenant has claimed, and what nobody names is the platform's.
    private static Verdict OnSharedAddress(Resource source, Listener listener, string protocol, GatewayModel gateway, Reads reads)
    {
        var tenant = source.Key.Tenant;
        if (protocol is ListenerProtocol.Tcp or ListenerProtocol.Udp)
        {
            return source.PlacedByPlatform
                ? Verdict.Accepted
                : Verdict.False(Reasons.Accepted, Reasons.PortUnavailable, $"Gateway `{gateway.Name}` shares its address with other tenants, and a {protocol} listener takes a whole port: use a Gateway of tenant `{tenant}` with an address of its own, or ask a platform admin to place the listener.");
        }
        if (string.IsNullOrEmpty(listener.Hostname))
            return source.PlacedByPlatform ? Verdict.Accepted : Verdict.False(Reasons.Accepted, Reasons.HostnameRequired, $"Gateway `{gateway.Name}` shares its address with other tenants, where only its owner may listen without hostname: give the listener a hostname that tenant `{tenant}` has claimed.");
        return reads.RefuseHostname(listener.Hostname, tenant) is { } refusal
            ? Verdict.False(Reasons.Accepted, Reasons.HostnameNotClaimed, refusal)
            : Verdict.Accepted;
    }

    // "References to a resource in different namespace are invalid UNLESS there is a ReferenceGrant in the target namespace"
    // (https://gateway-api.sigs.k8s.io/reference/spec/#listenertlsconfig). The listener serves with those that can be used.
    private static ResourceKey[] CertificatesOf(ResourceKey source, Listener listener, List<ReferenceProblem> problems, Reads reads)
    {
        var usable = new List<ResourceKey>();
        foreach (var reference in listener.Tls?.CertificateRefs ?? [])
        {
            var (certificate, problem) = CertificateReferences.Certificate(reference, source, Reasons.InvalidCertificateRef, reads);
            if (problem is null)
                usable.Add(certificate!.Key);
            else
                problems.Add(problem);
        }
        if (usable.Count == 0 && problems.Count == 0)
            problems.Add(new ReferenceProblem(Reasons.InvalidCertificateRef, $"listener `{listener.Name}` ends TLS and names no certificate: add one to tls.certificateRefs"));
        return [.. usable.Distinct()];
    }

    // What a Gateway refers to is told to its own tenant only.
    private static string AuthoritiesMessage(ResourceKey source, GatewayModel gateway, string message) => source.Tenant == gateway.Key.Tenant
        ? $"tls.frontend of Gateway `{gateway.Name}`: {message}"
        : $"Gateway `{gateway.Name}` asks for client certificates with authorities that cannot be resolved: tenant `{gateway.Key.Tenant}` must mend its tls.frontend";

    // "Kinds specifies the groups and kinds of Routes that are allowed …; when unspecified or empty, the kinds … are determined using the Listener protocol";
    // unsupported ones → ResolvedRefs=False/InvalidRouteKinds (https://gateway-api.sigs.k8s.io/reference/spec/#allowedroutes).
    private static IReadOnlyList<RouteGroupKind> KindsOf(Listener listener, string protocol, List<ReferenceProblem> problems)
    {
        var supported = ListenerProtocol.KindsOf(protocol);
        var wanted = listener.AllowedRoutes?.Kinds;
        if (wanted is null or { Count: 0 })
            return supported;
        if (wanted.FirstOrDefault(candidate => !supported.Any(kind => IsSame(candidate, kind))) is { } unknown)
            problems.Add(new ReferenceProblem(Reasons.InvalidRouteKinds, $"allowedRoutes.kinds names {GroupOf(unknown)}/{unknown.Kind}, which a listener of protocol {listener.Protocol} cannot serve"));
        return [.. supported.Where(kind => wanted.Any(candidate => IsSame(candidate, kind)))];
    }

    private static Verdict ResolvedRefsOf(List<ReferenceProblem> problems) => problems.Count == 0
        ? Verdict.ResolvedRefs
        : Verdict.False(Reasons.ResolvedRefs, problems[0].Reason, string.Join("; ", problems.Select(problem => problem.Message).Distinct()) + ".");

    private static bool IsSame(RouteGroupKind left, RouteGroupKind right) => GroupOf(left) == GroupOf(right) && left.Kind == right.Kind;

    private static string GroupOf(RouteGroupKind kind) => kind.Group ?? ResourceKind.GatewayApiGroup;
}
