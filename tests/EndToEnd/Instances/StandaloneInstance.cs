using System.Globalization;
using Gatehouse.Standalone.Processes;
using Gatehouse.Testing.Net;

namespace Gatehouse.EndToEnd.Instances;

/// <summary>A whole instance on free ports and a data directory of its own, to start, kill and start again.</summary>
internal sealed class StandaloneInstance : IAsyncDisposable
{
    public const string AdminToken = "gh_end_to_end_admin_token";

    private readonly TemporaryDirectory directory = new();
    private readonly List<string> options;
    private StandaloneRun? run;

    public StandaloneInstance(params string[] further)
    {
        ApiPort = FreePort.Next();
        TrafficPort = FreePort.Next();
        PortalPort = FreePort.Next();
        options = Merge(
        [
            "--data-dir", DataDirectory, "--api", Url(ApiPort), "--portal", Url(PortalPort), "--publish", string.Create(CultureInfo.InvariantCulture, $"80:{TrafficPort}"),
            "--admin-token", AdminToken, "--hostname-verification", "off",
        ], further);
        Api = new RestClient(new Uri(Url(ApiPort)), AdminToken);
        Traffic = new TrafficClient(TrafficPort);
    }

    public int ApiPort { get; }

    public int PortalPort { get; }

    public int TrafficPort { get; }

    public string DataDirectory => directory.In("data");

    /// <summary>The REST API as its admin.</summary>
    public RestClient Api { get; }

    /// <summary>Requests through the data plane.</summary>
    public TrafficClient Traffic { get; }

    public StandaloneRun Run => run ?? throw new InvalidOperationException("not started");

    public ProcessIdentity DataPlane => Recorded("data-plane.pid.json");

    public ProcessIdentity Postgres => Recorded("postgres.pid.json");

    public static async Task<StandaloneInstance> StartNewAsync(params string[] further)
    {
        var instance = new StandaloneInstance(further);
        try
        {
            await instance.StartAsync();
            return instance;
        }
        catch
        {
            await instance.DisposeAsync();
            throw;
        }
    }

    /// <summary>Gives an option another value, for the next start.</summary>
    public void Replace(string option, string value) => options[options.IndexOf(option) + 1] = value;

    public async Task StartAsync(params string[] further)
    {
        Launch(further);
        await Run.WaitUntilReadyAsync();
    }

    /// <summary>Starts it without waiting; options given here win over those of before.</summary>
    public StandaloneRun Launch(params string[] further)
    {
        run?.Dispose();
        run = StandaloneRun.Start(["up", .. Merge(options, further)]);
        return run;
    }

    /// <summary>Ends it as Ctrl-C does.</summary>
    public async Task<int> StopAsync()
    {
        Run.Signal(Posix.Interrupt);
        return await Run.WaitForExitAsync(TimeSpan.FromSeconds(60));
    }

    /// <summary>Ends the control process alone, at once.</summary>
    public async Task KillControlAsync()
    {
        Run.Signal(Posix.Kill);
        await Run.WaitForExitAsync(TimeSpan.FromSeconds(10));
    }

    public async ValueTask DisposeAsync()
    {
        if (run is { HasExited: false })
        {
            run.Signal(Posix.Terminate);
            await Task.WhenAny(run.WaitForExitAsync(TimeSpan.FromSeconds(60)));
        }
        // What a test left without its control process.
        foreach (var (record, signal) in new[] { ("data-plane.pid.json", Posix.Kill), ("postgres.pid.json", Posix.Quit) })
        {
            if (ProcessRecord.ReadLive(Path.Combine(DataDirectory, record)) is { } left && left.Process.Signal(signal))
                await left.Process.WaitForExitAsync(TimeSpan.FromSeconds(10), CancellationToken.None);
        }
        run?.Dispose();
        Api.Dispose();
        Traffic.Dispose();
        directory.Dispose();
    }

    // Pairs of option and value; one that is given later replaces the one of before.
    private static List<string> Merge(List<string> options, string[] further) =>
        [.. options.Chunk(2).Where(pair => !further.Contains(pair[0])).SelectMany(pair => pair), .. further];

    private static string Url(int port) => string.Create(CultureInfo.InvariantCulture, $"http://127.0.0.1:{port}");

    private ProcessIdentity Recorded(string record) =>
        ProcessRecord.ReadLive(Path.Combine(DataDirectory, record))?.Process ?? throw new InvalidOperationException($"{record} names no live process");
}
