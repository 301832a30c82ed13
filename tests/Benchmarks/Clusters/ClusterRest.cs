using System.Net;
using System.Text.Json.Nodes;
using Gatehouse.EndToEnd.Instances;

namespace Gatehouse.Benchmarks.Clusters;

/// <summary>What the benchmark asks of the REST API.</summary>
internal static class ClusterRest
{
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(10);

    /// <summary>Waits until a cluster has everything and at least so many objects; returns how many it has.</summary>
    public static async Task<int> WaitSyncedAsync(this RestClient api, string cluster, int atLeast)
    {
        using var patience = new CancellationTokenSource(Patience);
        while (true)
        {
            var status = (await api.GetAsync($"clusters/{cluster}")).Json["status"]?["cluster"];
            var count = (status?["objects"] as JsonObject ?? []).Sum(static kind => (int)kind.Value!);
            if (count > 0 && count >= atLeast && (int?)status!["queue"] == 0 && (long?)status["lag"]?["revisions"] == 0)
                return count;
            await Task.Delay(50, patience.Token);
        }
    }

    public static async Task ImportAsync(this RestClient api, string tenant, string manifests)
    {
        var answer = await api.PostAsync($"tenants/{tenant}/import?source=bench", manifests);
        if (answer.Status != HttpStatusCode.OK || (int?)answer.Json["summary"]?["refused"] > 0)
            throw new InvalidOperationException($"import: {answer.ToString()[..Math.Min(2_000, answer.ToString().Length)]}");
    }

    public static async Task<IReadOnlyList<JsonObject>> ManifestsAsync(this RestClient api, string cluster) =>
        [.. (await api.GetAsync($"clusters/{cluster}/manifests?format=json")).Json["items"]!.AsArray().Select(static item => (JsonObject)item!.DeepClone())];

    /// <summary>Resident memory of the control process, in megabytes.</summary>
    public static long ResidentMegabytes(this StandaloneRun run) =>
        File.ReadLines($"/proc/{run.Pid}/status").Where(static line => line.StartsWith("VmRSS:", StringComparison.Ordinal)).Select(static line => long.Parse(line.Split(' ', StringSplitOptions.RemoveEmptyEntries)[1], System.Globalization.CultureInfo.InvariantCulture) / 1024).Single();
}
