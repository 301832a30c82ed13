using System.Text.Json.Nodes;
using Gatehouse.Api.Tests.Import;
using Gatehouse.Api.Tests.Rest;
using Gatehouse.Gateway.Compilation;
using Gatehouse.Gateway.Manifests;
using Gatehouse.Gateway.Resources;
using Gatehouse.Gateway.Tests.Compilation;
using Xunit;

namespace Gatehouse.Api.Tests.Export;

public sealed class ExportTests(ImportFixture api) : IClassFixture<ImportFixture>
{
    private const int Worlds = 14;
    private const int ChangesPerWorld = 300;

    [Fact]
    public async Task Export_OfRandomConfigurations_ImportsElsewhereToTheSameCompiledHash()
    {
        var elsewhere = new ImportFixture();
        await elsewhere.InitializeAsync();
        try
        {
            var sizes = new List<int>();
            foreach (var fixture in new[] { api, elsewhere })
                (await fixture.Admin.DeleteAsync("/api/v1/tenants/platform/gateways/default")).Expect(204); // it is as old as the installation
            for (var seed = 1; seed <= Worlds; seed++)
            {
                (await api.ImportAsync(World(seed), "?source=world&prune=true&takeover=true", "application/json")).Expect(200);
                var export = (await api.Admin.GetAsync("/api/v1/export")).Expect(200);
                Assert.Equal("application/yaml", export.ContentHeaders.ContentType?.MediaType);

                var imported = (await elsewhere.ImportAsync(export.Text, "?source=export&prune=true&takeover=true")).Expect(200);

                Assert.True(imported.Count("refused") == 0, imported.Text);
                var (here, there) = (await CompiledAsync(api), await CompiledAsync(elsewhere));
                Assert.Equal(here, there);
                sizes.Add(here.Sum(static pool => pool.Count));
                Assert.Equal(WithoutAges(export), WithoutAges((await elsewhere.Admin.GetAsync("/api/v1/export")).Expect(200)));
            }
            Assert.True(sizes.Distinct().Count() > 1 && sizes.Sum() > 20, $"The worlds are too much alike: {string.Join(", ", sizes)} entries.");
        }
        finally
        {
            await elsewhere.DisposeAsync();
        }
    }

    [Fact]
    public async Task Export_TextsThatReadersTakeForOtherThings_ComeBackAsTheyWere()
    {
        string[] texts = ["yes", "No", "on", "~", "null", "0x10", "010", "1e3", "12:30:45", "2024-01-31", "- a", "a: b", "#c", " lead", "trail ", "*a", "&a", "!t", "|", ">", "%", "@", "`", "'", "\"", "\\", "", "a\nb\n", "a\n\nb\n",
            " a\nb\n", "a\tb", "\u0001\u007f\u0085\u2028\ufeff", "ß\ud83d\ude00", "---", "...", "<<", "=", ".inf", ".5", "+1", "-", "?", ":", "{}", "[]", "true", "y"];
        var annotations = new JsonObject();
        for (var i = 0; i < texts.Length; i++)
            annotations[$"t/k{i}"] = texts[i];
        var route = new JsonObject { ["annotations"] = annotations, ["spec"] = new JsonObject() };
        (await api.Admin.PutAsync("/api/v1/tenants/shop/httproutes/texts", route.ToJsonString())).Expect(201);
        var export = (await api.As("shop", "viewer").GetAsync("/api/v1/tenants/shop/export")).Expect(200).Text;
        (await api.Admin.DeleteAsync("/api/v1/tenants/shop/httproutes/texts")).Expect(204);

        (await api.ImportIntoAsync("shop", "owner", export)).Expect(200).Expect("HTTPRoute", "texts", "exact", "created");

        var read = (await api.Admin.GetAsync("/api/v1/tenants/shop/httproutes/texts")).Expect(200).Json.GetProperty("annotations");
        for (var i = 0; i < texts.Length; i++)
            Assert.Equal(texts[i], read.GetProperty($"t/k{i}").GetString());
    }

    [Fact]
    public async Task Export_OfATenant_HasItsObjectsAloneAndNoPrivateKeys()
    {
        (await api.Admin.PutAsync("/api/v1/tenants/payments/backends/theirs", """{"spec":{"endpoints":[{"address":"127.0.0.1","port":1}]}}""")).Expect(201);
        (await api.Admin.PutAsync("/api/v1/tenants/shop/backends/ours", """{"spec":{"endpoints":[{"address":"127.0.0.1","port":1}]}}""")).Expect(201);
        var json = (await api.As("shop", "viewer").GetAsync("/api/v1/tenants/shop/export?format=json")).Expect(200).Json;

        Assert.Equal("List", json.GetProperty("kind").GetString());
        Assert.All(json.GetProperty("items").EnumerateArray(), item => Assert.Equal("shop", item.GetProperty("metadata").GetProperty("namespace").GetString()));
        Assert.Contains(json.GetProperty("items").EnumerateArray(), item => item.GetProperty("apiVersion").GetString() == "gatehouse.dev/v1" && item.GetProperty("kind").GetString() == "Backend");
        Assert.DoesNotContain("PRIVATE KEY", json.GetRawText(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Export_ForWhomItIsNot_IsRefused()
    {
        (await api.As("shop", "owner").GetAsync("/api/v1/export")).ExpectProblem(403, "forbidden");
        (await api.As("shop", "owner").GetAsync("/api/v1/tenants/payments/export")).ExpectProblem(404, "not_found");
        (await api.As("shop", "owner").GetAsync("/api/v1/tenants/shop/export?format=xml")).ExpectProblem(422, "invalid").ExpectField("?format", "invalid_format");
    }

    /// <summary>The class that is built in has an age of its own in each installation.</summary>
    private static IEnumerable<string> WithoutAges(ApiAnswer export) =>
        export.Text.Split('\n').Where(static line => !line.StartsWith("  creationTimestamp: ", StringComparison.Ordinal));

    /// <summary>A random world as a Kubernetes List, with ages that a cluster could have.</summary>
    private static string World(int seed)
    {
        var world = new RandomWorld(seed);
        for (var i = 0; i < ChangesPerWorld; i++)
            world.Next();
        var items = new JsonArray();
        foreach (var change in world.Present)
        {
            if (change is TenantUpsert { Tenant: var tenant } && tenant.Name != ResourceKind.PlatformTenant)
                items.Add(ManifestWriter.WriteNamespace(tenant.Name, tenant.Labels, new Dictionary<string, string>()));
            if (change is not ResourceUpsert { Resource: var resource })
                continue;
            var exported = new ExportedObject(resource.Key, resource.Labels, resource.Annotations, resource.CreatedAt.AddYears(50), SpecOf(resource));
            foreach (var manifest in ManifestWriter.Write(exported))
                items.Add(manifest);
        }
        return new JsonObject { ["apiVersion"] = "v1", ["kind"] = "List", ["items"] = items }.ToJsonString();
    }

    private static object SpecOf(Resource resource) => resource.GetType().GetProperty("Spec")!.GetValue(resource)!;

    private static async Task<List<(string Pool, UInt128 Hash, int Count)>> CompiledAsync(ImportFixture fixture)
    {
        await using var connection = new Npgsql.NpgsqlConnection(fixture.Database.Superuser);
        await connection.OpenAsync();
        await using var command = new Npgsql.NpgsqlCommand("SELECT number FROM revision_head", connection);
        var revision = (long)(await command.ExecuteScalarAsync())!;
        using var patience = new CancellationTokenSource(TimeSpan.FromSeconds(20));
        var state = await fixture.Compiled.WaitForRevisionAsync(revision, patience.Token);
        return [.. state.Snapshot.Pools.OrderBy(static pool => pool.Key, StringComparer.Ordinal).Select(static pool => (pool.Key, pool.Value.Hash, pool.Value.Count))];
    }
}
