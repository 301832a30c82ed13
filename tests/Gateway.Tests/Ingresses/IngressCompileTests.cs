using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using Gatehouse.Gateway.Compilation;
using Gatehouse.Gateway.Ingresses;
using Gatehouse.Gateway.Resources;
using Gatehouse.Gateway.Tests.Compilation;
using Xunit;

namespace Gatehouse.Gateway.Tests.Ingresses;

/// <summary>What Ingresses become is accepted by the compiler, on the listeners that are meant.</summary>
public sealed class IngressCompileTests
{
    private const string Platform = """
        kind: GatewayClass
        metadata: {name: gatehouse, creationTimestamp: "2026-01-01T00:00:00Z"}
        spec: {controllerName: gatehouse.dev/gateway-controller, tenantGateways: {ports: [80, 443]}}
        ---
        kind: Gateway
        metadata: {name: default, namespace: platform, creationTimestamp: "2026-01-01T00:00:00Z"}
        spec:
          gatewayClassName: gatehouse
          listeners: [{name: http, port: 80, protocol: HTTP}]
          allowedListeners: {namespaces: {from: All}}
        """;

    [Fact]
    public void Products_OfAnIngressWithTls_ServeHttpsAndRedirectHttp()
    {
        var snapshot = Compile("""
            kind: Ingress
            metadata: {name: web, namespace: shop}
            spec:
              tls: [{hosts: [a.example.com], secretName: a-tls}]
              rules: [{host: a.example.com, http: {paths: [{path: /, pathType: Prefix, backend: {service: {name: a, port: {number: 80}}}}]}}]
            """, "a.example.com");

        Assert.Equal(["shop/Hostname/a.example.com/https"], Listeners(snapshot, "web-a.example.com"));
        Assert.Equal(["shop/Hostname/a.example.com/http"], Listeners(snapshot, "web-a.example.com-to-https"));
    }

    [Fact]
    public void Products_OfAnIngressWithoutTls_ServeHttp()
    {
        var snapshot = Compile("""
            kind: Ingress
            metadata: {name: web, namespace: shop}
            spec: {rules: [{host: b.example.com, http: {paths: [{path: /, pathType: Prefix, backend: {service: {name: a, port: {number: 80}}}}]}}]}
            """, "a.example.com");

        Assert.Equal(["shop/Hostname/b.example.com/http"], Listeners(snapshot, "web-b.example.com"));
    }

    [Fact]
    public void Products_OfAPassthrough_TakeConnections()
    {
        var snapshot = Compile("""
            kind: Ingress
            metadata: {name: raw, namespace: shop, annotations: {nginx.ingress.kubernetes.io/ssl-passthrough: "true"}}
            spec: {rules: [{host: c.example.com, http: {paths: [{path: /, pathType: Prefix, backend: {service: {name: a, port: {number: 443}}}}]}}]}
            """, "a.example.com");

        Assert.Equal(["shop/Hostname/c.example.com/tls"], Listeners(snapshot, "raw-c.example.com"));
    }

    private static string[] Listeners(Snapshot snapshot, string route)
    {
        var status = Assert.Single(snapshot.Statuses, entry => entry.Key.Name == route && entry.Key.Kind != ResourceKind.Hostname).Value;
        Assert.All(status.Conditions.Where(condition => condition.Type == "Accepted"), condition => Assert.True(condition.IsTrue, condition.Message));
        return [.. status.ListenerIds.Order(StringComparer.Ordinal)];
    }

    private static Snapshot Compile(string ingress, string certified)
    {
        var outcome = Assert.Single(IngressTranslator.Translate("shop", IngressDocuments.Read(ingress)["shop"]));
        var products = outcome.Products.Select(product => (InputChange)new ResourceUpsert(Resource(product.Key, product.Spec)))
            .Append(new ResourceUpsert(Resource(new ResourceKey(ResourceKind.Certificate, "shop", "a-tls"), new CertificateSpec { Certificate = Pem(certified) })))
            .Concat(outcome.Products.Where(product => product.Key.Kind == ResourceKind.Hostname).Select(product => new ClaimUpsert(new HostnameClaim(product.Key.Name, "shop", ClaimState.Verified))));
        return Compiler.Compile([.. TestInputs.Read("kind: Bare\n---\n" + Platform).Inputs, .. products], new CompilerOptions());
    }

    private static Resource Resource(ResourceKey key, object spec) => spec switch
    {
        HostnameSpec typed => new Resource<HostnameSpec> { Key = key, Spec = typed },
        HttpRouteSpec typed => new Resource<HttpRouteSpec> { Key = key, Spec = typed },
        TlsRouteSpec typed => new Resource<TlsRouteSpec> { Key = key, Spec = typed },
        CertificateSpec typed => new Resource<CertificateSpec> { Key = key, Spec = typed },
        _ => throw new ArgumentException(key.Kind),
    };

    private static string Pem(string name)
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var request = new CertificateRequest("CN=" + name, key, HashAlgorithmName.SHA256);
        var names = new SubjectAlternativeNameBuilder();
        names.AddDnsName(name);
        request.CertificateExtensions.Add(names.Build());
        using var certificate = request.CreateSelfSigned(DateTimeOffset.UnixEpoch, DateTimeOffset.UnixEpoch.AddYears(100));
        return certificate.ExportCertificatePem();
    }
}
