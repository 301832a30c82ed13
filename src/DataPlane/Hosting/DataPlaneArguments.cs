using System.Globalization;
using System.Net;

namespace Gatehouse.DataPlane.Hosting;

/// <summary>Reads options from arguments (<c>--bind 127.0.0.1</c>) and, where one is absent, from the environment (<c>GATEHOUSE_BIND</c>).</summary>
internal static class DataPlaneArguments
{
    private static readonly string[] Known =
    [
        "feed", "feed-ca", "credential-file", "pool", "replica", "publish", "bind", "data-dir", "backend-allow", "deny-sockets", "admin", "snapshot",
        "access-log", "trusted-proxies", "max-connections", "max-connections-per-address", "max-udp-sessions", "max-udp-sessions-per-address", "max-request-body", "unknown-sni", "drain", "lame-duck",
    ];

    /// <exception cref="FormatException">An option is unknown or cannot be read; the message says which and what it takes.</exception>
    public static DataPlaneOptions Parse(IReadOnlyList<string> args, Func<string, string?> environment)
    {
        var given = Given(args);
        string? Value(string name) =>
            given.TryGetValue(name, out var value) ? value : environment("GATEHOUSE_" + name.Replace('-', '_').ToUpperInvariant());
        T Or<T>(string name, T otherwise, string takes, Func<string, T> read) => Value(name) is not { Length: > 0 } text ? otherwise : Read(name, text, takes, read);
        var defaults = new DataPlaneOptions();
        return defaults with
        {
            Feed = Or<Uri?>("feed", null, "a base URL", text => new Uri(text.TrimEnd('/') + "/", UriKind.Absolute)),
            FeedCa = Or<string?>("feed-ca", null, "a file that exists", text => File.Exists(text) ? text : throw new FormatException()),
            CredentialFile = Value("credential-file"),
            Pool = Value("pool") ?? defaults.Pool,
            Replica = Value("replica") ?? defaults.Replica,
            Publish = Or("publish", defaults.Publish, "pairs of ports like 80:8080,443:8443", Ports),
            Bind = Or("bind", defaults.Bind, "an IP address", IPAddress.Parse),
            DataDir = Value("data-dir"),
            BackendAllow = Or("backend-allow", defaults.BackendAllow, "ranges like 10.0.0.0/8,::1/128", Networks),
            DenySockets = Or("deny-sockets", defaults.DenySockets, "sockets like 127.0.0.1:5080", List),
            Admin = Or<IPEndPoint?>("admin", null, "an address like http://127.0.0.1:5082", EndPoint),
            SnapshotFile = Value("snapshot"),
            AccessLog = Value("access-log") ?? defaults.AccessLog,
            TrustedProxies = Or("trusted-proxies", defaults.TrustedProxies, "ranges like 10.0.0.0/8", Networks),
            MaxConnections = Or("max-connections", defaults.MaxConnections, "a number", Number),
            MaxConnectionsPerAddress = Or("max-connections-per-address", defaults.MaxConnectionsPerAddress, "a number", Number),
            MaxUdpSessions = Or("max-udp-sessions", defaults.MaxUdpSessions, "a number", Number),
            MaxUdpSessionsPerAddress = Or("max-udp-sessions-per-address", defaults.MaxUdpSessionsPerAddress, "a number", Number),
            MaxRequestBody = Or("max-request-body", defaults.MaxRequestBody, "bytes", text => long.Parse(text, CultureInfo.InvariantCulture)),
            NeutralCertificate = Or("unknown-sni", defaults.NeutralCertificate, "refuse or neutral", text => text is "refuse" or "neutral" ? text == "neutral" : throw new FormatException()),
            DrainTime = Or("drain", defaults.DrainTime, "seconds", Seconds),
            LameDuckTime = Or("lame-duck", defaults.LameDuckTime, "seconds", Seconds),
        };
    }

    private static Dictionary<string, string> Given(IReadOnlyList<string> args)
    {
        var given = new Dictionary<string, string>(StringComparer.Ordinal);
        for (var i = 0; i < args.Count; i++)
        {
            var name = args[i].StartsWith("--", StringComparison.Ordinal) ? args[i][2..] : throw new FormatException($"{args[i]}: options begin with --");
            var equals = name.IndexOf('=');
            var value = equals >= 0 ? name[(equals + 1)..] : i + 1 < args.Count ? args[++i] : throw new FormatException($"--{name} needs a value");
            name = equals >= 0 ? name[..equals] : name;
            if (!Known.Contains(name))
                throw new FormatException($"--{name} is unknown; known are --{string.Join(", --", Known)}");
            given[name] = value;
        }
        return given;
    }

    private static T Read<T>(string name, string text, string takes, Func<string, T> read)
    {
        try
        {
            return read(text);
        }
        catch (Exception failure) when (failure is FormatException or OverflowException or ArgumentException)
        {
            throw new FormatException($"--{name} takes {takes}, not {text}", failure);
        }
    }

    private static string[] List(string text) => text.Split(',', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries);

    private static IReadOnlyList<IPNetwork> Networks(string text) => [.. List(text).Select(item => IPNetwork.Parse(item))];

    private static IReadOnlyDictionary<int, int> Ports(string text) =>
        List(text).Select(pair => pair.Split(':')).ToDictionary(pair => Port(pair[0]), pair => Port(pair.Length == 2 ? pair[1] : ""));

    private static int Port(string text) => Number(text) is var port and > 0 and <= 65535 ? port : throw new FormatException();

    private static int Number(string text) => int.Parse(text, NumberStyles.None, CultureInfo.InvariantCulture);

    private static TimeSpan Seconds(string text) => TimeSpan.FromSeconds(double.Parse(text, CultureInfo.InvariantCulture));

    private static IPEndPoint EndPoint(string text)
    {
        var url = new Uri(text, UriKind.Absolute);
        return new IPEndPoint(url.Host == "localhost" ? IPAddress.Loopback : IPAddress.Parse(url.Host), url.Port);
    }
}
