using System.Diagnostics;
using System.Globalization;
using System.Net;
using Gatehouse.EndToEnd.Instances;
using Gatehouse.Testing.Backends;

namespace Gatehouse.Benchmarks.Propagation;

/// <summary>
/// From a write at the API to the first answer that shows it, through the whole product: processes, Postgres, feed, data plane. With N
/// routes in force, idle and with 20 other writes a second. Aim: p99 within 50 ms at 100,000; no wrong answer.
/// </summary>
internal static class PropagateBenchmark
{
    private const int Samples = 200;
    private const string Host = "probe.bench.example.com";

    public static int Run(string[] args)
    {
        int[] sizes = args.Length > 0 ? [.. args.Select(text => int.Parse(text, CultureInfo.InvariantCulture))] : [10, 1_000, 10_000];
        RunAsync([.. sizes.Order()]).GetAwaiter().GetResult();
        return 0;
    }

    private static async Task RunAsync(int[] sizes)
    {
        await using var v1 = await EchoBackend.StartAsync("v1");
        await using var v2 = await EchoBackend.StartAsync("v2");
        await using var instance = await StandaloneInstance.StartNewAsync();
        await PrepareAsync(instance.Api, v1, v2);
        Console.WriteLine($"{"routes",8} {"load",-12} {"write p50",10} {"write p99",10} {"2xx→served p50",15} {"p99",8} {"max",8} {"wrong",6}   (ms; {Samples} writes each)");
        var present = 0;
        foreach (var size in sizes)
        {
            await FillAsync(instance.Api, present, size);
            present = size;
            await instance.Api.WaitUntilLiveAsync("tenants/bench/httproutes/probe");
            Report(size, "idle", await MeasureAsync(instance));
            await using (new SteadyWrites(instance.Api, writesPerSecond: 20))
                Report(size, "20 writes/s", await MeasureAsync(instance));
        }
    }

    private static async Task PrepareAsync(RestClient api, EchoBackend v1, EchoBackend v2)
    {
        await api.PutAsync("tenants/bench", "{}");
        await api.PutAsync("tenants/bench/backends/v1", Objects.Backend(v1.Port));
        await api.PutAsync("tenants/bench/backends/v2", Objects.Backend(v2.Port));
        await api.PutAsync("tenants/bench/hostnames/*.bench.example.com", Objects.Empty);
        await api.PutAsync("tenants/bench/httproutes/probe", Objects.Route(Host, Objects.Ref("v1")));
    }

    private static Task FillAsync(RestClient api, int from, int to) => Parallel.ForAsync(from, to, new ParallelOptions { MaxDegreeOfParallelism = 8 }, async (i, cancellationToken) =>
    {
        var name = string.Create(CultureInfo.InvariantCulture, $"r{i}");
        while ((await api.SendAsync(HttpMethod.Put, $"tenants/bench/httproutes/{name}", Objects.Route($"{name}.bench.example.com", Objects.Ref("v1")))).Status == HttpStatusCode.TooManyRequests)
            await Task.Delay(200, cancellationToken);
    });

    private static async Task<Result> MeasureAsync(StandaloneInstance instance)
    {
        var (writes, served, wrong) = (new List<double>(), new List<double>(), 0);
        for (var i = 0; i < Samples; i++)
        {
            var expected = i % 2 == 0 ? "v2" : "v1";
            var begun = Stopwatch.GetTimestamp();
            await instance.Api.PutAsync("tenants/bench/httproutes/probe", Objects.Route(Host, Objects.Ref(expected)));
            writes.Add(Stopwatch.GetElapsedTime(begun).TotalMilliseconds);
            begun = Stopwatch.GetTimestamp();
            while (true)
            {
                var (status, body) = await instance.Traffic.GetAsync(Host);
                if (status == HttpStatusCode.OK && body == expected)
                    break;
                if (status != HttpStatusCode.OK)
                    wrong++;
            }
            served.Add(Stopwatch.GetElapsedTime(begun).TotalMilliseconds);
            await Task.Delay(20);
        }
        writes.Sort();
        served.Sort();
        return new Result(writes, served, wrong);
    }

    private static void Report(int size, string load, Result result) =>
        Console.WriteLine($"{size,8} {load,-12} {At(result.Writes, 0.5),10:F1} {At(result.Writes, 0.99),10:F1} {At(result.Served, 0.5),15:F1} {At(result.Served, 0.99),8:F1} {result.Served[^1],8:F1} {result.Wrong,6}");

    private static double At(List<double> sorted, double share) => sorted[(int)Math.Min(sorted.Count - 1, sorted.Count * share)];

    private sealed record Result(List<double> Writes, List<double> Served, int Wrong);
}
