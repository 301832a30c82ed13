using System.Collections.Concurrent;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json.Nodes;
using Gatehouse.Control.Clusters;
using Gatehouse.Gateway.Projection;
using Gatehouse.Gateway.Resources;
using Gatehouse.Sync.Resolving;
using Gatehouse.Sync.Tests.Harness;
using Xunit;

namespace Gatehouse.Sync.Tests.Reconciling;

/// <summary>What objects are filled with at the last moment: private keys, addresses, shards.</summary>
public sealed class MaterialTests
{
    [KubernetesFact]
    public async Task PrivateKey_OfACertificate_IsWrittenCheckedAndRepaired()
    {
        await using var rig = await Rig.CreateAsync();
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        using var other = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var certificate = new ResourceKey(ResourceKind.Certificate, "shop", "shop-tls");
        var secret = Secret(rig, certificate, key);
        rig.Want(secret);
        rig.Start();
        Assert.Contains("upload it again", (await rig.StandsAsync(secret, ObjectState.Failed)).Message, StringComparison.Ordinal);

        rig.Store.PrivateKeys[certificate] = key.ExportPkcs8PrivateKey();
        await rig.StandsAsync(secret, ObjectState.Applied, 20);
        Assert.Equal(key.ExportPkcs8PrivateKeyPem(), Pem(await rig.GetAsync(secret)).TrimEnd('\n'));

        // Another key than the certificate's is found by its public half.
        var theirs = new JsonObject
        {
            ["apiVersion"] = "v1", ["kind"] = "Secret", ["type"] = "kubernetes.io/tls",
            ["metadata"] = new JsonObject { ["name"] = "shop-tls", ["namespace"] = rig.Namespace },
            ["data"] = new JsonObject { ["tls.key"] = Convert.ToBase64String(Encoding.UTF8.GetBytes(other.ExportPkcs8PrivateKeyPem())) },
        };
        await rig.Cluster.ApplyAsync(theirs);
        await rig.UntilAsync(async () => Pem(await rig.GetAsync(secret)).TrimEnd('\n') == key.ExportPkcs8PrivateKeyPem(), 3);
        await rig.UntilAsync(() => rig.Standing(secret)?.Fields is [{ Path: ".data[\"tls.key\"]", Manager: TestCluster.Stranger }]);

        await rig.StopAsync();
        rig.Want(secret);
        rig.Start();
        await rig.SyncedAsync();
        Assert.Empty(rig.Api!.Writes);
    }

    [KubernetesFact]
    public async Task Shards_ThatDiffer_AreStoredBeforeAnythingIsWritten()
    {
        await using var rig = await Rig.CreateAsync();
        var shards = new ShardAssignments { Scopes = new Dictionary<string, IReadOnlyDictionary<string, int>> { ["Gateway/platform/web"] = new Dictionary<string, int> { ["a.example.com"] = 1 } } };
        var map = HandMade.ConfigMap(rig.Owner, rig.Namespace, "map");
        var seen = new ConcurrentQueue<int>();
        rig.States.Set([rig.Target], input =>
        {
            seen.Enqueue(input.Shards.Scopes.Count);
            return HandMadeStates.Projection([map], shards: shards);
        });
        rig.Start();
        await rig.SyncedAsync();
        Assert.Equal(1, (await rig.Store.ShardsAsync(rig.Owner, default)).Scopes["Gateway/platform/web"]["a.example.com"]);
        Assert.Equal(0, seen.First());

        await rig.StopAsync();
        seen.Clear();
        rig.Start();
        await rig.SyncedAsync();
        Assert.All(seen, count => Assert.Equal(1, count));
    }

    [KubernetesFact]
    public async Task Names_OfBackends_AreResolvedAndProjectedAgain()
    {
        await using var rig = await Rig.CreateAsync();
        var inputs = new ConcurrentQueue<IReadOnlyDictionary<string, IReadOnlyList<string>>>();
        rig.States.Set([rig.Target], input =>
        {
            inputs.Enqueue(input.Addresses);
            return HandMadeStates.Projection([], new HashSet<string> { "localhost" });
        });
        rig.Start();
        await rig.UntilAsync(() => inputs.LastOrDefault()?.GetValueOrDefault("localhost") is { Count: > 0 } found && found.Contains("127.0.0.1"));
    }

    [Fact]
    public async Task Resolver_WhoseServersFail_KeepsTheLastGoodAnswerAndItsOrder()
    {
        IReadOnlyList<string>? answer = ["10.0.0.2", "10.0.0.1"];
        var asked = 0;
        using var resolver = new NameResolver(TimeSpan.FromMilliseconds(60), TimeProvider.System, (_, _) =>
        {
            asked++;
            return answer is null ? throw new IOException("away") : Task.FromResult(answer);
        });
        var told = new ConcurrentQueue<IReadOnlyDictionary<string, IReadOnlyList<string>>>();
        using var ending = new CancellationTokenSource();
        resolver.Want(new HashSet<string> { "api.example.com" });
        var running = resolver.RunAsync(addresses => { told.Enqueue(addresses); return ValueTask.CompletedTask; }, ending.Token);
        await WaitAsync(() => asked >= 2);
        answer = ["10.0.0.1", "10.0.0.2"];
        await WaitAsync(() => asked >= 5);
        answer = null;
        await WaitAsync(() => asked >= 8);
        Assert.Equal(["10.0.0.1", "10.0.0.2"], Assert.Single(told)["api.example.com"]);

        answer = ["10.0.0.3"];
        await WaitAsync(() => told.Count == 2);
        Assert.Equal(["10.0.0.3"], told.Last()["api.example.com"]);
        await ending.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => running);
    }

    private static async Task WaitAsync(Func<bool> condition)
    {
        for (var i = 0; i < 500 && !condition(); i++)
            await Task.Delay(20);
        Assert.True(condition());
    }

    private static ProjectedObject Secret(Rig rig, ResourceKey certificate, ECDsa key) => HandMade.Object(rig.Owner, "v1", "Secret", rig.Namespace, "shop-tls", certificate, new JsonObject
    {
        ["fingerprint"] = Convert.ToHexStringLower(SHA256.HashData(key.ExportSubjectPublicKeyInfo())),
        ["type"] = "kubernetes.io/tls",
        ["data"] = new JsonObject { ["tls.crt"] = Convert.ToBase64String("certificate"u8) },
    }).With(privateKeyOf: certificate);

    private static string Pem(JsonObject? secret) => Encoding.UTF8.GetString(Convert.FromBase64String((string?)secret?["data"]?["tls.key"] ?? ""));
}
