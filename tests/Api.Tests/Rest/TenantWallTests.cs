using System.Text.Json;
using Xunit;

namespace Gatehouse.Api.Tests.Rest;

/// <summary>Every operation of the OpenAPI document, so that none can be forgotten, asked by another tenant's owner for objects that exist.</summary>
public sealed class TenantWallTests(ApiFixture api) : IClassFixture<ApiFixture>
{
    [Fact]
    public async Task EveryTenantOperation_ByAnotherTenantsOwner_Gets404AndChangesNothing()
    {
        await FillAsync();
        var before = await SnapshotAsync();
        var document = (await api.Client(null).GetAsync("/openapi/v1.json")).Expect(200).Json;
        var intruder = api.As("payments", "owner");
        var asked = 0;

        foreach (var (path, method, operation) in OpenApiTests.Operations(document).Where(operation => operation.Path.StartsWith("/api/v1/tenants/{tenant}", StringComparison.Ordinal)))
        {
            var answer = await SendAsync(intruder, method, Fill(path, "shop"), operation);
            Assert.True(answer.Status == 404 && answer.Code == "not_found", $"{method} {path}: {answer.Status} {answer.Text}");
            asked++;
        }

        Assert.True(asked > 80, $"Only {asked} operations were asked.");
        Assert.Equal(before, await SnapshotAsync());
    }

    [Fact]
    public async Task EveryTenantOperation_WithoutToken_Gets401()
    {
        var document = (await api.Client(null).GetAsync("/openapi/v1.json")).Expect(200).Json;

        foreach (var (path, method, operation) in OpenApiTests.Operations(document).Where(operation => operation.Path != "/auth/login"))
            (await SendAsync(api.Client(null), method, Fill(path, "shop"), operation)).ExpectProblem(401, "unauthenticated");
    }

    [Fact]
    public async Task EveryPlatformOperation_ByATenantsOwner_Gets403()
    {
        var document = (await api.Client(null).GetAsync("/openapi/v1.json")).Expect(200).Json;
        var platform = OpenApiTests.Operations(document).Where(operation => operation.Operation.GetProperty("description").GetString() == "Needs a platform admin.").ToList();

        Assert.True(platform.Count > 10);
        foreach (var (path, method, operation) in platform)
            (await SendAsync(api.As("shop", "owner"), method, Fill(path, "shop"), operation)).ExpectProblem(403, "forbidden");
    }

    private static string Fill(string path, string tenant) =>
        path.Replace("{tenant}", tenant, StringComparison.Ordinal)
            .Replace("{revision}", "1", StringComparison.Ordinal)
            .Replace("{cluster}", "walled", StringComparison.Ordinal)
            .Replace("{name}", path.Contains("hostnames", StringComparison.Ordinal) ? "walled.example.com" : path.Contains("members", StringComparison.Ordinal) ? "admin@gatehouse.local" : path.Contains("tokens", StringComparison.Ordinal) ? "viewer" : "walled", StringComparison.Ordinal);

    private static async Task<ApiAnswer> SendAsync(ApiClient client, string method, string path, JsonElement operation)
    {
        if (!operation.TryGetProperty("requestBody", out var body))
            return await client.SendAsync(method.ToUpperInvariant(), path);
        var media = body.GetProperty("content").EnumerateObject().First();
        return await client.SendAsync(method.ToUpperInvariant(), path, media.Value.GetProperty("example").GetRawText(), media.Name);
    }

    private async Task FillAsync()
    {
        var owner = api.As("shop", "owner");
        foreach (var (path, body) in new[]
        {
            ("backends/walled", """{"spec":{"endpoints":[{"address":"10.0.0.1","port":80}]}}"""),
            ("hostnames/walled.example.com", """{"spec":{}}"""),
            ("httproutes/walled", """{"spec":{"rules":[{"backendRefs":[{"name":"walled"}]}]}}"""),
            ("grpcroutes/walled", """{"spec":{}}"""),
            ("tlsroutes/walled", """{"spec":{"hostnames":["a.example.com"],"rules":[{"backendRefs":[{"name":"walled"}]}]}}"""),
            ("tcproutes/walled", """{"spec":{"rules":[{"backendRefs":[{"name":"walled"}]}]}}"""),
            ("udproutes/walled", """{"spec":{"rules":[{"backendRefs":[{"name":"walled"}]}]}}"""),
            ("backendtlspolicies/walled", """{"spec":{"targetRefs":[{"group":"gatehouse.dev","kind":"Backend","name":"walled"}],"validation":{"hostname":"a.b","wellKnownCACertificates":"System"}}}"""),
            ("gateways/walled", """{"spec":{"gatewayClassName":"gatehouse","listeners":[{"name":"http","port":8081,"protocol":"HTTP"}]}}"""),
            ("listenersets/walled", """{"spec":{"parentRef":{"name":"walled"},"listeners":[{"name":"http","port":8081,"protocol":"HTTP","hostname":"a.example.com"}]}}"""),
            ("referencegrants/walled", """{"spec":{"from":[{"group":"gateway.networking.k8s.io","kind":"HTTPRoute","namespace":"x"}],"to":[{"group":"gatehouse.dev","kind":"Backend"}]}}"""),
        })
        {
            (await owner.PutAsync($"/api/v1/tenants/shop/{path}", body)).Expect(201);
        }
    }

    private async Task<string> SnapshotAsync()
    {
        var texts = new List<string>();
        foreach (var plural in new[] { "backends", "hostnames", "httproutes", "grpcroutes", "tlsroutes", "tcproutes", "udproutes", "backendtlspolicies", "configmaps", "services", "gateways", "listenersets", "referencegrants", "tokens", "members" })
        {
            var items = (await api.As("shop", "owner").GetAsync($"/api/v1/tenants/shop/{plural}")).Expect(200).Json.GetProperty("items").EnumerateArray();
            texts.AddRange(items.Select(item => $"{plural}/{item.GetProperty("name").GetString()}@{(item.TryGetProperty("updatedAt", out var at) ? at.GetString() : "")}"));
        }
        return string.Join('\n', texts);
    }
}
