using Gatehouse.Standalone.Instance;

namespace Gatehouse.Standalone.Demo;

/// <summary>Two tenants, a canary, a wildcard and one route that is broken on purpose.</summary>
internal sealed class Example(InstanceDescription instance, Uri stable, Uri canary, Uri payments)
{
    private string Www => $"www.shop.{instance.BaseDomain}";

    private string Previews => $"*.preview.shop.{instance.BaseDomain}";

    private string Pay => $"api.payments.{instance.BaseDomain}";

    public async Task WriteAsync(DemoApi api, TextWriter output, CancellationToken cancellationToken)
    {
        await api.PutAsync("tenants/shop", new { displayName = "Shop" }, cancellationToken).ConfigureAwait(false);
        await api.PutAsync("tenants/payments", new { displayName = "Payments" }, cancellationToken).ConfigureAwait(false);
        await api.PutAsync("tenants/shop/backends/web-v1", Backend(stable), cancellationToken).ConfigureAwait(false);
        await api.PutAsync("tenants/shop/backends/web-v2", Backend(canary), cancellationToken).ConfigureAwait(false);
        await api.PutAsync("tenants/payments/backends/api", Backend(payments), cancellationToken).ConfigureAwait(false);
        await api.PutAsync($"tenants/shop/hostnames/{Www}", new { spec = new { } }, cancellationToken).ConfigureAwait(false);
        await api.PutAsync($"tenants/shop/hostnames/{Previews}", new { spec = new { } }, cancellationToken).ConfigureAwait(false);
        await api.PutAsync($"tenants/payments/hostnames/{Pay}", new { spec = new { } }, cancellationToken).ConfigureAwait(false);
        await WriteRoutesAsync(api, cancellationToken).ConfigureAwait(false);
        await ReportAsync(api, output, cancellationToken).ConfigureAwait(false);
        Suggest(output);
    }

    private async Task WriteRoutesAsync(DemoApi api, CancellationToken cancellationToken)
    {
        await api.PutAsync("tenants/shop/httproutes/storefront", Route(Www, null, new { name = "web-v1", weight = 90 }, new { name = "web-v2", weight = 10 }), cancellationToken).ConfigureAwait(false);
        await api.PutAsync("tenants/shop/httproutes/previews", Route(Previews, null, new { name = "web-v2" }), cancellationToken).ConfigureAwait(false);
        await api.PutAsync("tenants/payments/httproutes/api", Route(Pay, null, new { name = "api" }), cancellationToken).ConfigureAwait(false);
        // Another tenant's backend without that tenant's ReferenceGrant: refused, and the status says what is missing.
        await api.PutAsync(
            "tenants/shop/httproutes/checkout",
            Route(Www, "/checkout", new { group = "gatehouse.dev", kind = "Backend", @namespace = "payments", name = "api" }),
            cancellationToken).ConfigureAwait(false);
    }

    private static async Task ReportAsync(DemoApi api, TextWriter output, CancellationToken cancellationToken)
    {
        foreach (var (path, isBroken) in new[]
        {
            ("tenants/shop/httproutes/storefront", false), ("tenants/shop/httproutes/previews", false),
            ("tenants/payments/httproutes/api", false), ("tenants/shop/httproutes/checkout", true),
        })
        {
            var conditions = await api.ConditionsAsync(path, waitForLive: true, cancellationToken).ConfigureAwait(false);
            await output.WriteLineAsync($"{path[8..]}: {string.Join(", ", conditions.Select(condition => $"{condition.Type}={condition.Status}"))}{(isBroken ? "   (broken on purpose)" : "")}").ConfigureAwait(false);
            foreach (var (type, _, message) in conditions.Where(condition => condition.Status == "False"))
                await output.WriteLineAsync($"    {type}: {message}").ConfigureAwait(false);
        }
    }

    private void Suggest(TextWriter output)
    {
        var traffic = (instance.Traffic ?? new Uri("http://127.0.0.1:8080")).GetLeftPart(UriPartial.Authority);
        output.WriteLine();
        output.WriteLine("Try:");
        output.WriteLine($"  curl -H 'Host: {Www}' {traffic}/                            nine in ten from web-v1, one from web-v2");
        output.WriteLine($"  curl -H 'Host: pr-42.preview.shop.{instance.BaseDomain}' {traffic}/   the wildcard");
        output.WriteLine($"  curl -i -H 'Host: {Www}' {traffic}/checkout                 500, until payments grants it");
        output.WriteLine("Mend the broken route: payments lets shop in with");
        output.WriteLine($"  curl -X PUT -H \"Authorization: Bearer $TOKEN\" -H 'Content-Type: application/json' {instance.Api}api/v1/tenants/payments/referencegrants/shop \\");
        output.WriteLine("    -d '{\"spec\":{\"from\":[{\"group\":\"gateway.networking.k8s.io\",\"kind\":\"HTTPRoute\",\"namespace\":\"shop\"}],\"to\":[{\"group\":\"gatehouse.dev\",\"kind\":\"Backend\",\"name\":\"api\"}]}}'");
        output.WriteLine($"Look at {instance.Portal} : tenants, hostnames and routes with their conditions.");
        output.WriteLine();
    }

    private static object Backend(Uri echo) => new { spec = new { endpoints = new[] { new { address = echo.Host, port = echo.Port } } } };

    private static object Route(string hostname, string? path, params object[] backendRefs) => new
    {
        spec = new
        {
            hostnames = new[] { hostname },
            rules = path is null
                ? new object[] { new { backendRefs } }
                : [new { matches = new[] { new { path = new { type = "PathPrefix", value = path } } }, backendRefs }],
        },
    };
}
