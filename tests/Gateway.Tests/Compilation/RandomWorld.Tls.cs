using Gatehouse.Gateway.Resources;

namespace Gatehouse.Gateway.Tests.Compilation;

/// <summary>Listeners of all protocols, certificates, authorities, and who may refer to them.</summary>
internal sealed partial class RandomWorld
{
    private static readonly string[] Protocols = ["HTTP", "HTTP", "HTTP", "HTTP", "HTTPS", "HTTPS", "TLS", "TCP", "UDP"];

    private Listener Listener(int index)
    {
        var protocol = Pick(Protocols);
        return new Listener
        {
            Name = $"l{index}",
            Port = Pick(80, 80, 8080),
            Protocol = protocol,
            Hostname = protocol is "HTTP" or "HTTPS" or "TLS" && Maybe() ? Pick(Hosts) : null,
            Tls = protocol is "HTTPS" or "TLS" ? ListenerTls(protocol) : null,
            AllowedRoutes = _random.Next(5) > 0 ? new AllowedRoutes { Namespaces = From(), Kinds = _random.Next(12) == 0 ? [new RouteGroupKind { Kind = "TCPRoute" }] : null } : null,
        };
    }

    private ListenerTlsConfig ListenerTls(string protocol) => new()
    {
        Mode = protocol == "TLS" && Maybe() ? "Passthrough" : null,
        CertificateRefs = [.. Enumerable.Range(0, _random.Next(0, 3)).Select(_ => CertificateRef())],
    };

    private SecretObjectReference CertificateRef() => new()
    {
        Name = Pick(Names),
        Kind = _random.Next(8) == 0 ? "ConfigMap" : null,
        Namespace = _random.Next(3) == 0 ? Pick(Tenants) : null,
    };

    private GatewayTlsConfig GatewayTls() => new()
    {
        Backend = Maybe() ? new GatewayBackendTls { ClientCertificateRef = CertificateRef() } : null,
        Frontend = Maybe() ? new FrontendTlsConfig { Default = Validation(), PerPort = Maybe() ? [new TlsPortConfig { Port = 8080, Tls = Validation() }] : null } : null,
    };

    private TlsConfig Validation() => new()
    {
        Validation = _random.Next(4) == 0
            ? null
            : new FrontendTlsValidation
            {
                Mode = Maybe() ? "AllowInsecureFallback" : null,
                CaCertificateRefs = [.. Enumerable.Range(0, _random.Next(1, 3)).Select(_ => CertificateRef() with { Kind = Pick("ConfigMap", "ConfigMap", "Secret"), Group = "" })],
            },
    };

    private HostnameSpec HostnameOptions() => new()
    {
        HttpsRedirect = Maybe(),
        Hsts = Maybe() ? new HostnameHsts { MaxAge = _random.Next(2), IncludeSubDomains = Maybe() } : null,
        Tls = Maybe() ? new HostnameTls { MinimumVersion = Pick("1.2", "1.3"), ClientValidation = Validation().Validation } : null,
    };

    private ParentReference[] Parents() => [Parent(Pick(ResourceKind.Gateway, ResourceKind.ListenerSet)), Parent(ResourceKind.Gateway)];

    private string? DefaultGateways() => _random.Next(3) == 0 ? "All" : null;

    private StreamRouteRule[] StreamRules() => [new StreamRouteRule
    {
        BackendRefs = [.. Enumerable.Range(0, _random.Next(1, 3)).Select(_ => new BackendRef { Name = Pick(Names), Weight = _random.Next(3), Namespace = _random.Next(4) == 0 ? Pick(Tenants) : null })],
    }];

    private CertificateSpec Certificate() => new() { Certificate = _random.Next(5) == 0 ? "nothing" : TestCertificates.Pem(Pick("test", "test", "other", "exact+authority")) };

    private ConfigMapSpec Authorities() => new() { Data = new Dictionary<string, string> { [_random.Next(8) == 0 ? "other" : "ca.crt"] = TestCertificates.Pem(Pick("authority", "other")) } };

    private ReferenceGrantSpec SecretGrant() => new()
    {
        From = [new ReferenceGrantFrom(ResourceKind.GatewayApiGroup, Pick(ResourceKind.Gateway, ResourceKind.ListenerSet), Pick(Tenants))],
        To = [new ReferenceGrantTo("", Pick("Secret", "ConfigMap"), Maybe() ? Pick(Names) : null)],
    };
}
