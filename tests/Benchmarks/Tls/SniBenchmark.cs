using System.Globalization;
using Gatehouse.Benchmarks.Proxies;

namespace Gatehouse.Benchmarks.Tls;

/// <summary>
/// TLS with 10 and 100,000 names: what loading their certificates takes in time and memory, handshakes with names that nobody asked for yet
/// (cold) and with a few that everybody asks for (warm), and what a flood of names leaves behind; plain Kestrel with one certificate beside it.
/// </summary>
internal static class SniBenchmark
{
    private const int Hot = 100;

    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(10);

    /// <summary>Arguments: seconds for each run (default 5), names (default 100000).</summary>
    public static int Run(string[] args)
    {
        var time = TimeSpan.FromSeconds(args.Length > 0 ? int.Parse(args[0], CultureInfo.InvariantCulture) : 5);
        var many = args.Length > 1 ? int.Parse(args[1], CultureInfo.InvariantCulture) : 100_000;
        using var kestrel = Start("plain Kestrel", "sni-kestrel");
        using var few = Start("10 names", "sni-server", "10");
        using var all = Start($"{many} names", "sni-server", $"{many}");
        Handshakes.Run(kestrel, time, static _ => BenchCertificates.NameOf(0));
        Handshakes.Run(few, time, static index => BenchCertificates.NameOf((int)(index % 10)));
        Handshakes.Run(all, time, static index => BenchCertificates.NameOf((int)(index % Hot)));
        var plain = Handshakes.Run(kestrel, time, static _ => BenchCertificates.NameOf(0));
        Console.WriteLine($"{"run",-40}{"handshakes",12}{"failed",8}{"per second",12}{"µs CPU each",13}{"ratio",8}{"MB",8}");
        Show(kestrel, "one certificate", plain, plain);
        Show(few, "warm", Handshakes.Run(few, time, static index => BenchCertificates.NameOf((int)(index % 10))), plain);
        Show(all, "warm, 100 names", Handshakes.Run(all, time, static index => BenchCertificates.NameOf((int)(index % Hot))), plain);
        Show(all, "cold, each name once", Handshakes.Run(all, time, index => BenchCertificates.NameOf(Hot + (int)index), many - Hot), plain);
        var random = new Random(1);
        Show(all, "flood of random names", Handshakes.Run(all, time * 3, _ => BenchCertificates.NameOf(Next(random, many))), plain);
        Show(all, "flood of unknown names", Handshakes.Run(all, time, static index => $"x{index}.elsewhere.test"), plain);
        Show(all, "warm again", Handshakes.Run(all, time, static index => BenchCertificates.NameOf((int)(index % Hot))), plain);
        return 0;
    }

    private static int Next(Random random, int below)
    {
        lock (random)
            return random.Next(below);
    }

    private static MeasuredProcess Start(string name, string command, params string[] rest)
    {
        var port = MeasuredProcess.FreePort();
        Console.WriteLine(name);
        return MeasuredProcess.Start(
            name, Contest.ProxyCore, port, new Dictionary<string, string> { ["DOTNET_gcServer"] = "0" }, Patience, static line => Console.WriteLine(line),
            ["dotnet", "exec", Path.Combine(AppContext.BaseDirectory, "Gatehouse.Benchmarks.dll"), command, $"{port}", .. rest]);
    }

    private static void Show(MeasuredProcess server, string what, HandshakeRun run, HandshakeRun plain) => Console.WriteLine(string.Create(
        CultureInfo.InvariantCulture,
        $"{server.Name + ", " + what,-40}{run.Count,12}{run.Failed,8}{run.PerSecond,12:F0}{run.CpuMicroseconds,13:F0}{run.CpuMicroseconds / plain.CpuMicroseconds,8:F2}{server.MemoryMb(),8:F0}"));
}
