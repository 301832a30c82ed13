using System.Diagnostics;
using System.Globalization;
using System.Text.Json.Nodes;
using Gatehouse.EndToEnd.Instances;

namespace Gatehouse.Benchmarks.Clusters;

/// <summary>
/// N hostnames and 2 N routes in a real API server (GATEHOUSE_TEST_KUBECONFIG): first sync beside a raw loop that applies the same objects, a change
/// among them, drift, and an idle cluster. Aims: at least 0.8 of the raw loop, a change and a repair within 1 s, no write without a reason.
/// </summary>
internal static class SyncBenchmark
{
    private const int Samples = 60;

    public static int Run(string[] args)
    {
        if (Environment.GetEnvironmentVariable("GATEHOUSE_TEST_KUBECONFIG") is not { Length: > 0 } kubeconfig)
        {
            Console.Error.WriteLine("bench sync: set GATEHOUSE_TEST_KUBECONFIG to the kubeconfig of a disposable cluster with Gateway API's CRDs.");
            return 2;
        }
        RunAsync(kubeconfig, args.Length > 0 ? int.Parse(args[0], CultureInfo.InvariantCulture) : 1_000).GetAwaiter().GetResult();
        return 0;
    }

    private static async Task RunAsync(string kubeconfig, int size)
    {
        await using var cluster = await BenchCluster.OpenAsync(kubeconfig);
        await using var instance = await StandaloneInstance.StartNewAsync("--hostname-verification", "off");
        await PrepareAsync(instance.Api, cluster, kubeconfig);
        var before = await instance.Api.WaitSyncedAsync(cluster.Name, 0);
        var begun = Stopwatch.GetTimestamp();
        await instance.Api.ImportAsync("bench", Manifests(size));
        var imported = Stopwatch.GetElapsedTime(begun);
        var after = await instance.Api.WaitSyncedAsync(cluster.Name, before + (3 * size));
        var synced = Stopwatch.GetElapsedTime(begun);
        var manifests = await instance.Api.ManifestsAsync(cluster.Name);
        Console.WriteLine($"first sync   {after - before} objects in {synced.TotalSeconds:F1} s (import {imported.TotalSeconds:F1} s): {(after - before) / (synced - imported / 2).TotalSeconds:F0} objects/s");
        var raw = await cluster.ApplyRawAsync(manifests, "HTTPRoute");
        Console.WriteLine($"raw loop     {raw.Count} HTTPRoutes, 8 at once: {raw.Count / raw.Took.TotalSeconds:F0} objects/s");
        Console.WriteLine($"memory       {instance.Run.ResidentMegabytes()} MB resident (API, portal and worker in one process)");
        Print("change", await ChangesAsync(instance.Api, cluster));
        Print("drift", await DriftAsync(cluster));
        var versions = await cluster.VersionsAsync();
        await Task.Delay(TimeSpan.FromSeconds(20));
        Console.WriteLine($"idle 20 s    {(await cluster.VersionsAsync()).Except(versions).Count()} objects written");
    }

    private static async Task PrepareAsync(RestClient api, BenchCluster cluster, string kubeconfig)
    {
        var spec = new JsonObject { ["kubeconfig"] = await File.ReadAllTextAsync(kubeconfig), ["maxWritesPerSecond"] = 5_000, ["namespacePrefix"] = cluster.Prefix };
        await api.PutAsync($"clusters/{cluster.Name}", new JsonObject { ["spec"] = spec }.ToJsonString());
        await api.PutAsync(
            "gatewayclasses/bench",
            $$$"""{"spec":{"controllerName":"gatehouse.dev/gateway-controller","tenantGateways":{"ports":[80,443]},"target":{"type":"Kubernetes","cluster":"{{{cluster.Name}}}","gatewayClassName":"{{{BenchCluster.Class}}}"} } }""");
        await api.PutAsync("tenants/platform/gateways/bench", """{"spec":{"gatewayClassName":"bench","listeners":[{"name":"http","port":80,"protocol":"HTTP"}],"allowedListeners":{"namespaces":{"from":"All"}}}}""");
        await api.PutAsync("tenants/bench", "{}");
    }

    private static string Manifests(int size)
    {
        var items = new JsonArray();
        for (var i = 0; i < size; i++)
        {
            var host = string.Create(CultureInfo.InvariantCulture, $"h{i}.bench.example.com");
            items.Add(JsonNode.Parse($$$"""{"apiVersion":"gatehouse.dev/v1","kind":"Hostname","metadata":{"name":"{{{host}}}","namespace":"bench"},"spec":{"gateways":[{"name":"bench","namespace":"platform"}]}}"""));
            for (var route = 0; route < 2; route++)
                items.Add(JsonNode.Parse(BenchCluster.Route(string.Create(CultureInfo.InvariantCulture, $"r{i}-{route}"), "bench", host, $"/p{route}", 1)));
        }
        return new JsonObject { ["apiVersion"] = "v1", ["kind"] = "List", ["items"] = items }.ToJsonString();
    }

    private static async Task<List<double>> ChangesAsync(RestClient api, BenchCluster cluster)
    {
        var samples = new List<double>();
        for (var i = 0; i < Samples; i++)
        {
            var weight = 10 + i;
            var spec = JsonNode.Parse(BenchCluster.Route("x", "bench", $"h{i}.bench.example.com", "/p0", weight))!["spec"]!;
            var begun = Stopwatch.GetTimestamp();
            await api.PutAsync($"tenants/bench/httproutes/r{i}-0", new JsonObject { ["spec"] = spec.DeepClone() }.ToJsonString());
            while (await cluster.WeightAsync($"r{i}-0") != weight)
                await Task.Delay(1);
            samples.Add(Stopwatch.GetElapsedTime(begun).TotalMilliseconds);
        }
        return samples;
    }

    private static async Task<List<double>> DriftAsync(BenchCluster cluster)
    {
        var samples = new List<double>();
        for (var i = 0; i < Samples; i++)
        {
            await cluster.DisturbAsync($"r{i}-1");
            var begun = Stopwatch.GetTimestamp();
            while (await cluster.WeightAsync($"r{i}-1") != 1)
                await Task.Delay(1);
            samples.Add(Stopwatch.GetElapsedTime(begun).TotalMilliseconds);
        }
        return samples;
    }

    private static void Print(string name, List<double> samples)
    {
        samples.Sort();
        Console.WriteLine($"{name,-12} p50 {samples[samples.Count / 2]:F0} ms, p99 {samples[(int)(samples.Count * 0.99)]:F0} ms, max {samples[^1]:F0} ms ({samples.Count} samples)");
    }
}
