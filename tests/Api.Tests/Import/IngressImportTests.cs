using Xunit;

namespace Gatehouse.Api.Tests.Import;

public sealed class IngressImportTests(ImportFixture api) : IClassFixture<ImportFixture>
{
    private const string Web = """
        apiVersion: networking.k8s.io/v1
        kind: Ingress
        metadata:
          name: web
          labels: {app: web}
          annotations:
            nginx.ingress.kubernetes.io/ssl-redirect: "false"
            nginx.ingress.kubernetes.io/proxy-read-timeout: "30"
        spec:
          ingressClassName: nginx
          rules:
          - host: ingress.example.com
            http: {paths: [{path: /, pathType: Prefix, backend: {service: {name: web, port: {name: http}}}}]}
        ---
        apiVersion: v1
        kind: Service
        metadata: {name: web}
        spec: {ports: [{name: http, port: 8080}]}
        ---
        apiVersion: networking.k8s.io/v1
        kind: IngressClass
        metadata: {name: nginx}
        spec: {controller: k8s.io/ingress-nginx}
        """;

    private const string Routes = "/api/v1/tenants/shop/httproutes";

    [Fact]
    public async Task Import_AnIngress_StoresItsRouteAndHostname()
    {
        var first = (await api.ImportIntoAsync("shop", "owner", Web, "?source=ingress")).Expect(200);
        var second = (await api.ImportIntoAsync("shop", "owner", Web, "?source=ingress")).Expect(200);

        var messages = first.Expect("Ingress", "web", "approximate", "created");
        Assert.Contains("/metadata/annotations/nginx.ingress.kubernetes.io~1ssl-redirect: exact. ", messages, StringComparison.Ordinal);
        Assert.Contains("/metadata/annotations/nginx.ingress.kubernetes.io~1proxy-read-timeout: approximate. ", messages, StringComparison.Ordinal);
        first.Expect("IngressClass", "nginx", "ignored", "none");
        second.Expect("Ingress", "web", "approximate", "unchanged");
        var route = (await api.As("shop", "viewer").GetAsync($"{Routes}/web-ingress.example.com")).Expect(200).Json;
        Assert.Equal("""{"app":"web"}""", route.GetProperty("labels").GetRawText());
        Assert.Equal("""{"gatehouse.dev/ingress":"web"}""", route.GetProperty("annotations").GetRawText());
        Assert.Equal(8080, route.GetProperty("spec").GetProperty("rules")[0].GetProperty("backendRefs")[0].GetProperty("port").GetInt32());
        (await api.As("shop", "viewer").GetAsync("/api/v1/tenants/shop/hostnames/ingress.example.com")).Expect(200);
    }

    [Fact]
    public async Task Import_AHostnameThatIsThere_StaysAsItIs()
    {
        var owner = api.As("shop", "owner");
        (await owner.PutAsync("/api/v1/tenants/shop/hostnames/kept.example.com", """{"labels":{"by":"hand"},"spec":{"gateways":[{"name":"edge"}]}}""")).Expect(201);

        var answer = (await api.ImportIntoAsync("shop", "owner", Plain("kept", "kept.example.com"), "?source=kept")).Expect(200);

        answer.Expect("Ingress", "kept", "exact", "created");
        var hostname = (await owner.GetAsync("/api/v1/tenants/shop/hostnames/kept.example.com")).Expect(200).Json;
        Assert.Equal("""{"by":"hand"}""", hostname.GetProperty("labels").GetRawText());
    }

    [Fact]
    public async Task Import_AHostOfAnotherTenant_StoresTheRouteAndSaysWhoseItIsNot()
    {
        (await api.As("payments", "owner").PutAsync("/api/v1/tenants/payments/hostnames/taken.example.com", """{"spec":{}}""")).Expect(201);

        var answer = (await api.ImportIntoAsync("shop", "owner", Plain("taken", "taken.example.com"), "?source=taken")).Expect(200);

        var messages = answer.Expect("Ingress", "taken", "approximate", "created");
        Assert.Contains("Hostname `taken.example.com`", messages, StringComparison.Ordinal);
        Assert.DoesNotContain("payments", messages, StringComparison.Ordinal);
        (await api.As("shop", "viewer").GetAsync($"{Routes}/taken-taken.example.com")).Expect(200);
    }

    [Fact]
    public async Task Import_TwoIngressesOfOneHost_ShareTheHostname()
    {
        var both = Plain("one", "both.example.com") + "\n---\n" + Plain("two", "both.example.com").Replace("path: /,", "path: /two,", StringComparison.Ordinal);

        var answer = (await api.ImportIntoAsync("shop", "owner", both, "?source=both")).Expect(200);

        answer.Expect("Ingress", "one", "exact", "created");
        answer.Expect("Ingress", "two", "exact", "created");
    }

    [Fact]
    public async Task Import_AProtectedIngress_StoresNothingOfIt()
    {
        var guarded = Plain("guarded", "guarded.example.com").Replace("metadata: {name: guarded}", """metadata: {name: guarded, annotations: {nginx.ingress.kubernetes.io/whitelist-source-range: 10.0.0.0/8}}""", StringComparison.Ordinal);

        var answer = (await api.ImportIntoAsync("shop", "owner", guarded, "?source=guarded")).Expect(200);

        Assert.Contains("refused. ", answer.Expect("Ingress", "guarded", "refused", "none"), StringComparison.Ordinal);
        (await api.As("shop", "viewer").GetAsync($"{Routes}/guarded-guarded.example.com")).Expect(404);
        (await api.As("shop", "viewer").GetAsync("/api/v1/tenants/shop/hostnames/guarded.example.com")).Expect(404);
    }

    [Fact]
    public async Task Import_OfAPlatformAdmin_ReadsClassesForEveryNamespace()
    {
        var manifests = """
            apiVersion: networking.k8s.io/v1
            kind: IngressClass
            metadata: {name: balancer}
            spec: {controller: ingress.k8s.aws/alb}
            ---
            apiVersion: networking.k8s.io/v1
            kind: Ingress
            metadata: {name: balanced, namespace: shop, annotations: {nginx.ingress.kubernetes.io/whitelist-source-range: 10.0.0.0/8}}
            spec: {ingressClassName: balancer, rules: [{host: balanced.example.com, http: {paths: [{path: /, pathType: Prefix, backend: {service: {name: a, port: {number: 80}}}}]}}]}
            ---
            apiVersion: extensions/v1beta1
            kind: Ingress
            metadata: {name: old, namespace: shop}
            spec: {}
            """;

        var answer = (await api.ImportAsync(manifests, "?source=classes")).Expect(200);

        Assert.Contains("ignored. ", answer.Expect("Ingress", "balanced", "exact", "created"), StringComparison.Ordinal);
        answer.Expect("IngressClass", "balancer", "ignored", "none");
        Assert.Contains("networking.k8s.io/v1", answer.Expect("Ingress", "old", "refused", "none"), StringComparison.Ordinal);
    }

    private static string Plain(string name, string host) => """
        apiVersion: networking.k8s.io/v1
        kind: Ingress
        metadata: {name: NAME}
        spec: {rules: [{host: HOST, http: {paths: [{path: /, pathType: Prefix, backend: {service: {name: web, port: {number: 80}}}}]}}]}
        """.Replace("NAME", name, StringComparison.Ordinal).Replace("HOST", host, StringComparison.Ordinal);
}
