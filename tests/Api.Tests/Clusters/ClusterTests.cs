using System.Text.Json;
using Gatehouse.Api.Tests.Rest;
using Npgsql;
using Xunit;

namespace Gatehouse.Api.Tests.Clusters;

/// <summary>Clusters as platform admins write and read them.</summary>
public sealed class ClusterTests(ApiFixture api) : IClassFixture<ApiFixture>
{
    private const string Clusters = "/api/v1/clusters";

    [Fact]
    public async Task Put_Kubeconfig_IsStoredKeptAndNeverShown()
    {
        var created = (await api.Admin.PutAsync($"{Clusters}/kept", TestKubeconfig.Body(TestKubeconfig.Yaml()))).Expect(201);
        var again = (await api.Admin.PutAsync($"{Clusters}/kept", """{"spec":{"namespacePrefix":"team-"}}""")).Expect(200);

        Assert.True(Status(again).GetProperty("kubeconfigStored").GetBoolean());
        Assert.Equal("kubeconfig", Status(again).GetProperty("credentials").GetString());
        Assert.Equal("team-", again.Json.GetProperty("spec").GetProperty("namespacePrefix").GetString());
        Assert.Equal(2, again.Json.GetProperty("generation").GetInt64());
        Assert.NotEqual(created.ETag, again.ETag);
        Assert.Equal(1, await VersionAsync("kept"));
        var read = (await api.Admin.GetAsync($"{Clusters}/kept")).Expect(200);
        Assert.False(read.Json.GetProperty("spec").TryGetProperty("kubeconfig", out _));
    }

    [Fact]
    public async Task Put_NewKubeconfigAlone_IsANewGenerationAndARevision()
    {
        await api.Admin.PutAsync($"{Clusters}/renewed", TestKubeconfig.Body(TestKubeconfig.Yaml()));

        var renewed = (await api.Admin.PutAsync($"{Clusters}/renewed", TestKubeconfig.Body(TestKubeconfig.Yaml("another-token")))).Expect(200);

        Assert.Equal(2, renewed.Json.GetProperty("generation").GetInt64());
        Assert.Equal(2, await VersionAsync("renewed"));
        var audit = (await api.Admin.GetAsync("/api/v1/tenants/platform/audit?kind=Cluster&name=renewed")).Expect(200).Json.GetProperty("items");
        Assert.Equal(["update", "create"], audit.EnumerateArray().Select(item => item.GetProperty("action").GetString()));
        Assert.All(audit.EnumerateArray(), item => Assert.True(item.GetProperty("revision").GetInt64() > 0));
    }

    [Fact]
    public async Task Write_WaysToACluster_ExactlyOneHolds()
    {
        (await api.Admin.PutAsync($"{Clusters}/ways", """{"spec":{}}""")).ExpectProblem(422, "invalid").ExpectField("/spec/kubeconfig", "required");
        (await api.Admin.PutAsync($"{Clusters}/ways", JsonSerializer.Serialize(new { spec = new { kubeconfig = TestKubeconfig.Yaml(), inCluster = true } })))
            .ExpectProblem(422, "invalid").ExpectField("/spec/kubeconfig", "not_allowed");
        (await api.Admin.PutAsync($"{Clusters}/ways", """{"spec":{"inCluster":true,"kubeconfigFiles":["/etc/k"]}}""")).ExpectProblem(422, "invalid").ExpectField("/spec/kubeconfigFiles", "not_allowed");
        (await api.Admin.PutAsync($"{Clusters}/ways", TestKubeconfig.Body(TestKubeconfig.Yaml()))).Expect(201);

        var inside = (await api.Admin.PatchAsync($"{Clusters}/ways", """{"spec":{"inCluster":true}}""")).Expect(200);

        Assert.False(Status(inside).GetProperty("kubeconfigStored").GetBoolean());
        Assert.Equal("inCluster", Status(inside).GetProperty("credentials").GetString());
        Assert.Null(await VersionAsync("ways"));
        (await api.Admin.PatchAsync($"{Clusters}/ways", """{"spec":{"inCluster":null}}""")).ExpectProblem(422, "invalid");
        var files = (await api.Admin.PatchAsync($"{Clusters}/ways", """{"spec":{"inCluster":null,"kubeconfigFiles":["/etc/kube/config"]}}""")).Expect(200);
        Assert.Equal("kubeconfigFiles", Status(files).GetProperty("credentials").GetString());
    }

    [Fact]
    public async Task DryRun_Kubeconfig_ChangesNothing()
    {
        (await api.Admin.PutAsync($"{Clusters}/dry?dryRun=true", TestKubeconfig.Body(TestKubeconfig.Yaml()))).Expect(201);

        (await api.Admin.GetAsync($"{Clusters}/dry")).Expect(404);
        Assert.Null(await VersionAsync("dry"));
    }

    [Fact]
    public async Task Name_WithADot_IsRefused() =>
        (await api.Admin.PutAsync($"{Clusters}/a.b", """{"spec":{"inCluster":true}}""")).ExpectProblem(422, "invalid").ExpectField("/name", "invalid_format");

    [Fact]
    public async Task Delete_ClassNamesIt_IsRefusedWithTheClass()
    {
        await api.Admin.PutAsync($"{Clusters}/used", TestKubeconfig.Body(TestKubeconfig.Yaml()));
        await api.Admin.PutAsync("/api/v1/gatewayclasses/on-used", """{"spec":{"controllerName":"gatehouse.dev/gateway-controller","target":{"type":"Kubernetes","cluster":"used","gatewayClassName":"eg","drift":"Report","annotations":{"gateways":{"external-dns.alpha.kubernetes.io/ttl":"60"}},"certManager":{"issuer":"le"}}}}""");

        var refused = (await api.Admin.DeleteAsync($"{Clusters}/used")).ExpectProblem(409, "referenced");

        Assert.Equal("on-used", refused.Json.GetProperty("referrers")[0].GetProperty("name").GetString());
        (await api.Admin.DeleteAsync("/api/v1/gatewayclasses/on-used")).Expect(204);
        (await api.Admin.DeleteAsync($"{Clusters}/used")).Expect(204);
        Assert.Null(await VersionAsync("used"));
    }

    [Fact]
    public async Task Class_AnnotationsOfOurOwn_AreRefused()
    {
        const string target = "\"type\":\"Kubernetes\",\"cluster\":\"any\",\"gatewayClassName\":\"eg\"";
        static string Body(string rest) => "{\"spec\":{\"controllerName\":\"gatehouse.dev/gateway-controller\",\"target\":{" + target + "," + rest + "}}}";

        (await api.Admin.PutAsync("/api/v1/gatewayclasses/own", Body("""
            "annotations":{"routes":{"gatehouse.dev/hash":"x","Sub.Gatehouse.dev/y":"z"}}
            """)))
            .ExpectProblem(422, "invalid").ExpectField("/spec/target/annotations/routes/gatehouse.dev~1hash", "not_allowed")
            .ExpectField("/spec/target/annotations/routes/Sub.Gatehouse.dev~1y", "not_allowed");
        (await api.Admin.PutAsync("/api/v1/gatewayclasses/own", Body("\"drift\":\"Maybe\""))).ExpectProblem(422, "invalid").ExpectField("/spec/target/drift", "unsupported_value");
    }

    [Fact]
    public async Task Access_TenantsRoles_SeeNoClusters()
    {
        await api.Admin.PutAsync($"{Clusters}/hidden", """{"spec":{"inCluster":true}}""");

        foreach (var path in new[] { Clusters, $"{Clusters}/hidden", $"{Clusters}/hidden/namespaces" })
            (await api.As("shop", "owner").GetAsync(path)).ExpectProblem(403, "forbidden");
        (await api.As("shop", "owner").PutAsync($"{Clusters}/hidden", """{"spec":{"inCluster":true}}""")).ExpectProblem(403, "forbidden");
        Assert.DoesNotContain("hidden", (await api.As("shop", "owner").GetAsync("/api/v1/tenants/shop/export")).Expect(200).Text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Status_NoWorker_SaysWhoMustRunOne()
    {
        await api.Admin.PutAsync($"{Clusters}/alone", """{"spec":{"inCluster":true}}""");

        var answer = (await api.Admin.GetAsync($"{Clusters}/alone?waitFor=Synced&timeout=1s")).ExpectProblem(504, "wait_timeout");

        Assert.Contains("a platform admin must run one", answer.Text, StringComparison.Ordinal);
        (await api.Admin.GetAsync($"{Clusters}/alone?waitFor=Accepted&timeout=10s")).Expect(200);
    }

    private static JsonElement Status(ApiAnswer answer) => answer.Json.GetProperty("status").GetProperty("cluster");

    private async Task<long?> VersionAsync(string cluster)
    {
        await using var connection = new NpgsqlConnection(api.Database.Compiler);
        await connection.OpenAsync();
        await using var command = new NpgsqlCommand("SELECT version FROM cluster_credentials JOIN resources ON id = cluster_id WHERE name = @name", connection);
        command.Parameters.AddWithValue("name", cluster);
        return (long?)await command.ExecuteScalarAsync();
    }
}
