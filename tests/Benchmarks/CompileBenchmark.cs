using System.Diagnostics;
using Gatehouse.Gateway.Compilation;
using Gatehouse.Gateway.Resources;

namespace Gatehouse.Benchmarks;

/// <summary>
/// What the compiler costs at N hostnames with a route and a backend each: a compile of everything, the memory it keeps, and one
/// change of each sort (process CPU, elapsed time and bytes, over many). CPU survives a busy machine, elapsed time does not.
/// Aim: 1 ms and 100 kB for a change at 100,000.
/// </summary>
internal static class CompileBenchmark
{
    private const int Tenants = 1_000;
    private const int Warmup = 300;
    private const int Samples = 200;

    public static int Run(string[] args)
    {
        int[] sizes = args.Length > 0 ? [.. args.Select(int.Parse)] : [10, 1_000, 10_000, 100_000];
        Console.WriteLine($"{"routes",8} {"change",-16} {"CPU ms",10} {"median ms",10} {"worst ms",10} {"median B",10} {"worst B",10}");
        foreach (var size in sizes)
            Measure(size);
        return 0;
    }

    private static void Measure(int size)
    {
        var memory = GC.GetTotalMemory(forceFullCollection: true);
        var inputs = Inputs(size);
        var inputMemory = GC.GetTotalMemory(forceFullCollection: true) - memory;
        var compiler = new IncrementalCompiler(new CompilerOptions());
        var cpu = Environment.CpuUsage.TotalTime;
        var watch = Stopwatch.StartNew();
        compiler.Apply(inputs);
        watch.Stop();
        cpu = Environment.CpuUsage.TotalTime - cpu;
        inputs.Clear();
        var kept = GC.GetTotalMemory(forceFullCollection: true) - memory;
        Console.WriteLine($"{size,8} {"everything",-16} {cpu.TotalMilliseconds,10:F0} {watch.Elapsed.TotalMilliseconds,10:F0}; inputs {inputMemory / size:N0} B, all kept {kept / size:N0} B for each hostname + route + backend");
        foreach (var (name, change) in Changes(size))
            Measure(size, name, change, compiler);
        Console.WriteLine($"{"",8} hash {TableHash.Format(compiler.Snapshot.Pools["default"].Hash)}, {compiler.Snapshot.Pools["default"].Count} entries");
    }

    private static void Measure(int size, string name, Func<int, InputChange> change, IncrementalCompiler compiler)
    {
        for (var i = 0; i < Warmup; i++)
            compiler.Apply([change(i)]);
        var times = new double[Samples];
        var bytes = new long[Samples];
        var cpu = Environment.CpuUsage.TotalTime;
        for (var i = 0; i < Samples; i++)
        {
            InputChange[] batch = [change(Warmup + i)];
            var before = GC.GetAllocatedBytesForCurrentThread();
            var start = Stopwatch.GetTimestamp();
            compiler.Apply(batch);
            times[i] = Stopwatch.GetElapsedTime(start).TotalMilliseconds;
            bytes[i] = GC.GetAllocatedBytesForCurrentThread() - before;
        }
        cpu = Environment.CpuUsage.TotalTime - cpu;
        Array.Sort(times);
        Array.Sort(bytes);
        Console.WriteLine($"{size,8} {name,-16} {cpu.TotalMilliseconds / Samples,10:F3} {times[Samples / 2],10:F3} {times[^1],10:F3} {bytes[Samples / 2],10:N0} {bytes[^1],10:N0}");
    }

    private static IEnumerable<(string Name, Func<int, InputChange> Change)> Changes(int size)
    {
        int Pick(int step) => (int)((step * 7919L) % size);
        yield return ("route weight", step => Route(Pick(step), weight: step % 100));
        yield return ("backend endpoint", step => Backend(Pick(step), port: 9000 + (step % 100)));
        yield return ("claim lost/won", step => new ClaimUpsert(new HostnameClaim(NameOf(Pick(step / 2)), TenantOf(Pick(step / 2)), step % 2 == 0 ? ClaimState.Pending : ClaimState.Verified)));
        yield return ("hostname off/on", step => step % 2 == 0 ? new ResourceRemoval(HostnameKey(Pick(step / 2))) : Hostname(Pick(step / 2)));
        yield return ("route off/on", step => step % 2 == 0 ? new ResourceRemoval(RouteKey(Pick(step / 2))) : Route(Pick(step / 2), weight: 1));
    }

    private static List<InputChange> Inputs(int size)
    {
        var inputs = new List<InputChange> { Class(), Gateway() };
        for (var i = 0; i < Tenants; i++)
            inputs.Add(new TenantUpsert(new TenantInfo(TenantOf(i), new Dictionary<string, string>())));
        for (var i = 0; i < size; i++)
        {
            inputs.Add(Hostname(i));
            inputs.Add(new ClaimUpsert(new HostnameClaim(NameOf(i), TenantOf(i), ClaimState.Verified)));
            inputs.Add(Backend(i, port: 9000));
            inputs.Add(Route(i, weight: 1));
        }
        return inputs;
    }

    private static ResourceUpsert Class() => Upsert(
        new ResourceKey(ResourceKind.GatewayClass, ResourceKind.PlatformTenant, "gatehouse"),
        new GatewayClassSpec { ControllerName = ResourceKind.ControllerName });

    private static ResourceUpsert Gateway() => Upsert(
        new ResourceKey(ResourceKind.Gateway, ResourceKind.PlatformTenant, "default"),
        new GatewaySpec
        {
            GatewayClassName = "gatehouse",
            Listeners = [new Listener { Name = "http", Port = 80, Protocol = "HTTP" }],
            AllowedListeners = new AllowedListeners { Namespaces = new RouteNamespaces { From = "All" } },
        });

    private static ResourceUpsert Hostname(int i) => Upsert(HostnameKey(i), new HostnameSpec());

    private static ResourceUpsert Backend(int i, int port) => Upsert(
        new ResourceKey(ResourceKind.Backend, TenantOf(i), $"app-{i}"),
        new BackendSpec { Endpoints = [new BackendEndpoint { Address = "10.1.2.3", Port = port }] });

    private static ResourceUpsert Route(int i, int weight) => Upsert(
        RouteKey(i),
        new HttpRouteSpec
        {
            Hostnames = [NameOf(i)],
            Rules = [new HttpRouteRule { BackendRefs = [new HttpBackendRef { Name = $"app-{i}", Weight = weight + 1 }] }],
        });

    private static ResourceUpsert Upsert<T>(ResourceKey key, T spec)
        where T : class => new(new Resource<T> { Key = key, Spec = spec });

    private static ResourceKey HostnameKey(int i) => new(ResourceKind.Hostname, TenantOf(i), NameOf(i));

    private static ResourceKey RouteKey(int i) => new(ResourceKind.HttpRoute, TenantOf(i), $"web-{i}");

    private static string NameOf(int i) => $"app-{i}.example.com";

    private static string TenantOf(int i) => $"team-{i % Tenants}";
}
