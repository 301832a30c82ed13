using System.Globalization;
using Gatehouse.Gateway.Compilation.Conditions;
using Gatehouse.Gateway.Compilation.Incremental;
using Gatehouse.Gateway.Matching;
using Gatehouse.Gateway.Resources;

namespace Gatehouse.Gateway.Compilation.Resolve;

/// <summary>Resolves a Hostname: it adds listeners of its name to its Gateways once its claim is verified.</summary>
internal static class HostnameResolver
{
    /// <summary>As many as a listener may name.</summary>
    private const int MaxCertificates = 64;

    private const string DefaultGateway = "default";
    private const string Https = "https";
    private const string NewestTls = "1.3";
    public const int HttpPort = 80;
    public const int TlsPort = 443;

    private static readonly Verdict Verified = Verdict.True(Reasons.Verified, Reasons.Verified, "The claim is verified.");

    public static SourceModel Resolve(Resource<HostnameSpec> resource, Reads reads)
    {
        var verified = VerifiedOf(resource.Key, reads);
        var gateways = new List<GatewayModel>();
        var resolvedRefs = Verdict.ResolvedRefs;
        Verdict? refused = null;
        foreach (var key in GatewaysOf(resource, reads))
        {
            var gateway = reads.Gateway(key);
            if (SourceResolver.Refuse(resource.Key, key, gateway, reads) is { } problem)
            {
                if (gateway is null && key.Tenant == resource.Key.Tenant)
                    resolvedRefs = Verdict.False(Reasons.ResolvedRefs, Reasons.GatewayNotFound, problem.Message);
                refused ??= problem;
            }
            else if (gateway!.State != GatewayState.Served)
            {
                refused ??= Verdict.False(Reasons.Accepted, Reasons.ParentNotAccepted, $"Gateway `{gateway.Name}` is not accepted.");
            }
            else
            {
                gateways.Add(gateway);
            }
        }
        if (!verified.IsTrue)
            return new SourceModel { Listeners = [], Verified = verified, ResolvedRefs = resolvedRefs, Problem = Verdict.False(Reasons.Accepted, verified.Reason, verified.Message) };
        var certificates = reads.CertificatesFor(resource.Key.Tenant, resource.Key.Name);
        // Who lets connections through wants no certificate here; only one that was uploaded says otherwise.
        if (certificates.All(certificate => certificate.IsManaged) && reads.HasTlsRouteFor(resource.Key.Tenant, resource.Key.Name))
            certificates = [];
        var clients = certificates.Count == 0 ? null : ClientValidationByPort.Resolve(resource.Spec.Tls?.ClientValidation, resource.Key, reads);
        return new SourceModel
        {
            Listeners = [.. gateways.SelectMany((gateway, index) => ListenersOf(resource, gateway, index, HostnameTls.Of(resource, gateway, certificates, reads), clients, reads))],
            Verified = verified,
            CertificateReady = HostnameTls.ReadyOf(resource, gateways, certificates, reads),
            ResolvedRefs = resolvedRefs,
            Problem = refused,
            Gateways = gateways,
        };
    }

    // Plain HTTP always; on the TLS port what the tenant has shown that it wants: TLS that ends here, or connections for its TLSRoutes.
    private static IEnumerable<ListenerModel> ListenersOf(
        Resource<HostnameSpec> resource, GatewayModel gateway, int index, HostnameTls tls, ClientValidation? clients, Reads reads)
    {
        var (spec, takesTls) = (resource.Spec, TakesTls(resource, gateway));
        var http = ListenerOf(resource, gateway, index, new Listener { Name = "http", Port = HttpPort, Protocol = ListenerProtocol.Http }, reads);
        yield return spec.HttpsRedirect == true && takesTls && tls.Ends
            ? http with { HttpsRedirect = new HttpsRedirectEntry(ListenerResolver.IdOf(resource.Key, SectionOf(Https, gateway, index)), TlsPort) }
            : http;
        if (!takesTls)
            yield break;
        if (tls.Ends || resource.Key.Tenant == ResourceKind.QuarantineTenant)
        {
            var config = new ListenerTlsConfig { CertificateRefs = [.. tls.Certificates.Take(MaxCertificates).Select(certificate => new SecretObjectReference { Name = certificate.Key.Name })] };
            var https = ListenerOf(resource, gateway, index, new Listener { Name = Https, Port = TlsPort, Protocol = ListenerProtocol.Https, Tls = config }, reads, clients);
            yield return https with
            {
                IsIssuedInCluster = tls.IsIssuedInCluster,
                ResolvedRefs = tls.IsIssuedInCluster ? Verdict.ResolvedRefs : https.ResolvedRefs,
                // The default is left out, so that nothing changes for those who write it.
                MinimumTlsVersion = spec.Tls?.MinimumVersion == NewestTls ? NewestTls : null,
                Hsts = HstsOf(spec.Hsts),
            };
        }
        else if (reads.HasTlsRouteFor(resource.Key.Tenant, resource.Key.Name))
        {
            yield return ListenerOf(resource, gateway, index, new Listener { Name = "tls", Port = TlsPort, Protocol = ListenerProtocol.Tls, Tls = new ListenerTlsConfig { Mode = ListenerResolver.Passthrough } }, reads);
        }
    }

    private static ListenerModel ListenerOf(Resource<HostnameSpec> resource, GatewayModel gateway, int index, Listener listener, Reads reads, ClientValidation? clients = null)
    {
        var section = SectionOf(listener.Name, gateway, index);
        var named = listener with { Name = section, Hostname = resource.Key.Name };
        return ListenerResolver.Resolve(resource, index, named, ListenerResolver.IdOf(resource.Key, section), gateway, reads, clients);
    }

    // The first Gateway's listeners have the short ids; ids stay unique when a name is served by several.
    private static string SectionOf(string listener, GatewayModel gateway, int index) => index == 0 ? listener : $"{listener}.{gateway.Key.Tenant}.{gateway.Key.Name}";

    // https://www.rfc-editor.org/rfc/rfc6797#section-6.1
    private static string? HstsOf(HostnameHsts? hsts) => hsts is null
        ? null
        : string.Create(CultureInfo.InvariantCulture, $"max-age={hsts.MaxAge}{(hsts.IncludeSubDomains == true ? "; includeSubDomains" : "")}{(hsts.Preload == true ? "; preload" : "")}");

    /// <summary>Whether a Hostname may take connections on the TLS port of a Gateway.</summary>
    public static bool TakesTls(Resource resource, GatewayModel gateway) =>
        resource.Key.Tenant is ResourceKind.PlatformTenant or ResourceKind.QuarantineTenant || gateway.IsOpenTo(resource, TlsPort);

    private static IEnumerable<ResourceKey> GatewaysOf(Resource<HostnameSpec> resource, Reads reads)
    {
        var tenant = resource.Key.Tenant;
        if (resource.Spec.Gateways is { Count: > 0 } named)
            return named.Select(gateway => new ResourceKey(ResourceKind.Gateway, gateway.Namespace ?? tenant, gateway.Name)).Distinct();
        var own = new ResourceKey(ResourceKind.Gateway, tenant, DefaultGateway);
        return [reads.Gateway(own) is null ? own with { Tenant = ResourceKind.PlatformTenant } : own];
    }

    private static Verdict VerifiedOf(ResourceKey key, Reads reads)
    {
        var state = reads.ClaimOf(key.Name, key.Tenant);
        if (state == ClaimState.Lost)
            return Verdict.False(Reasons.Verified, Reasons.Lost, $"Another tenant holds `{key.Name}`: delete this Hostname, or ask a platform admin.");
        var proven = state == ClaimState.Verified || (state is null && reads.RefuseHostname(key.Name, key.Tenant) is null);
        return proven
            ? Verified
            : Verdict.False(Reasons.Verified, Reasons.Pending, $"The claim of tenant `{key.Tenant}` on `{key.Name}` is not verified yet: set one of the records in status.dns, or ask a platform admin to approve it.");
    }
}
