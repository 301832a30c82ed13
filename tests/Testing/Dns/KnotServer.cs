using System.Diagnostics;
using System.Globalization;
using System.Net;
using System.Net.Sockets;
using System.Text;
using Gatehouse.Testing.Net;

namespace Gatehouse.Testing.Dns;

/// <summary>
/// Debian's knotd with zones of one's own, on a free port of the loopback interface, UDP and TCP. A shell ends it with the test process,
/// even one that is killed.
/// </summary>
public sealed class KnotServer : IAsyncDisposable
{
    private readonly string _directory = Directory.CreateTempSubdirectory("gatehouse-knot-").FullName;
    private readonly IPAddress _address;
    private Process? _process;

    private KnotServer(IPAddress address) => _address = address;

    /// <summary>Where it listens.</summary>
    public IPEndPoint EndPoint => new(_address, Port);

    /// <summary>Its UDP and TCP port.</summary>
    public int Port { get; private init; }

    /// <summary>What it wrote to its log.</summary>
    public string Log => File.Exists(LogFile) ? File.ReadAllText(LogFile) : "";

    private string LogFile => Path.Combine(_directory, "server.log");

    /// <summary>Starts a server.</summary>
    /// <param name="zones">Zones: name and records in the form of zone files; names are relative to the zone, SOA and NS are added where there is no SOA.</param>
    /// <param name="key">Key that may update every zone: <c>name:hmac-sha256:base64</c>; null: nobody may.</param>
    /// <param name="address">Loopback address to listen on; null: 127.0.0.1.</param>
    /// <param name="mayUpdate">Whether the key may update any name; otherwise only <c>elsewhere</c>.</param>
    public static async Task<KnotServer> StartAsync(IReadOnlyDictionary<string, string> zones, string? key = null, IPAddress? address = null, bool mayUpdate = true)
    {
        // The port is looked for before it is taken: somebody else may have been faster.
        for (var attempt = 0; ; attempt++)
        {
            var server = new KnotServer(address ?? IPAddress.Loopback) { Port = FreePort.Next() };
            foreach (var (zone, records) in zones)
                await File.WriteAllTextAsync(server.ZoneFile(zone), ZoneText(zone, records));
            await File.WriteAllTextAsync(Path.Combine(server._directory, "knot.conf"), server.Configuration(zones.Keys, key, mayUpdate));
            server._process = Start(server._directory);
            if (await server.AnswersAsync(zones.Keys.First()))
                return server;
            var log = server.Log;
            await server.DisposeAsync();
            if (attempt == 2)
                throw new InvalidOperationException($"knotd did not start: {log}");
        }
    }

    /// <inheritdoc />
    public async ValueTask DisposeAsync()
    {
        if (_process is not { } process)
            return;
        _process = null;
        process.StandardInput.Close();
        await process.WaitForExitAsync();
        process.Dispose();
    }

    private static Process Start(string directory)
    {
        var knotd = new[] { "/usr/sbin/knotd", "/usr/local/sbin/knotd", "/opt/homebrew/sbin/knotd" }.FirstOrDefault(File.Exists)
            ?? throw new InvalidOperationException("Debian's DNS server knotd is needed here:\napt-get install knot");
        const string script = "\"$0\" -c \"$1/knot.conf\" >>\"$1/server.log\" 2>&1 <&- & pid=$!; cat >/dev/null; kill -TERM $pid; wait $pid; rm -rf \"$1\"";
        return Process.Start(new ProcessStartInfo("sh", ["-c", script, knotd, directory]) { RedirectStandardInput = true, WorkingDirectory = "/" })!;
    }

    private static string ZoneText(string zone, string records)
    {
        var start = records.Contains("SOA", StringComparison.Ordinal) ? "" : "@ SOA ns hostmaster 1 3600 600 86400 60\n@ NS ns\nns A 127.0.0.1\n";
        return $"$ORIGIN {zone.TrimEnd('.')}.\n$TTL 300\n{start}{records}\n";
    }

    private string ZoneFile(string zone) => Path.Combine(_directory, zone is "." ? "root.zone" : $"{zone.TrimEnd('.')}.zone");

    private string Configuration(IEnumerable<string> zones, string? key, bool mayUpdate)
    {
        var text = new StringBuilder();
        text.Append(CultureInfo.InvariantCulture, $"server:\n  rundir: {_directory}\n  listen: {_address}@{Port}\n  udp-workers: 1\n  tcp-workers: 1\n  background-workers: 1\n");
        text.Append(CultureInfo.InvariantCulture, $"database:\n  storage: {_directory}\nlog:\n  - target: stderr\n    any: info\n");
        if (key?.Split(':', 3) is [var name, var algorithm, var secret])
            text.Append(CultureInfo.InvariantCulture, $"key:\n  - id: {name}\n    algorithm: {algorithm}\n    secret: {secret}\nacl:\n  - id: updates\n    key: {name}\n    action: update\n{(mayUpdate ? "" : "    update-owner: name\n    update-owner-match: equal\n    update-owner-name: [elsewhere]\n")}");
        text.Append("zone:\n");
        foreach (var zone in zones)
            text.Append(CultureInfo.InvariantCulture, $"  - domain: {zone.TrimEnd('.')}.\n    file: {ZoneFile(zone)}\n    semantic-checks: off\n    zonefile-sync: -1\n{(key is null ? "" : "    acl: updates\n")}");
        return text.ToString();
    }

    // A question for the first zone's SOA by hand: what tests check should not decide whether they start.
    private async Task<bool> AnswersAsync(string zone)
    {
        byte[] name = [.. zone.TrimEnd('.').Split('.', StringSplitOptions.RemoveEmptyEntries).SelectMany(static label => Encoding.ASCII.GetBytes(label).Prepend((byte)label.Length)), 0];
        byte[] question = [0x12, 0x34, 0, 0, 0, 1, 0, 0, 0, 0, 0, 0, .. name, 0, 6, 0, 1];
        var answer = new byte[512];
        for (var attempt = 0; attempt < 100 && _process is { HasExited: false }; attempt++)
        {
            using var socket = new Socket(_address.AddressFamily, SocketType.Dgram, ProtocolType.Udp);
            using var patience = new CancellationTokenSource(TimeSpan.FromMilliseconds(100));
            try
            {
                await socket.ConnectAsync(EndPoint);
                await socket.SendAsync(question);
                var length = await socket.ReceiveAsync(answer.AsMemory(), patience.Token);
                if (length > 12 && (answer[3] & 0xF) == 0)
                    return true;
            }
            catch (Exception failure) when (failure is SocketException or OperationCanceledException)
            {
                // Not yet.
            }
            await Task.Delay(30);
        }
        return false;
    }
}
