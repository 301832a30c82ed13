using System.Net;

namespace Gatehouse.DataPlane.Hosting;

/// <summary>Settings of one data plane process; see <see cref="DataPlaneArguments"/> for their names.</summary>
internal sealed record DataPlaneOptions
{
    /// <summary>Base URL of the API; null: no feed.</summary>
    public Uri? Feed { get; init; }

    /// <summary>PEM file with the authorities that may have issued the feed's certificate; null: the system's.</summary>
    public string? FeedCa { get; init; }

    /// <summary>File with the credential of the pool.</summary>
    public string? CredentialFile { get; init; }

    /// <summary>Pool that is served.</summary>
    public string Pool { get; init; } = "default";

    /// <summary>Stable name of this replica.</summary>
    public string Replica { get; init; } = Environment.MachineName;

    /// <summary>Listener port → bound port.</summary>
    public IReadOnlyDictionary<int, int> Publish { get; init; } = new Dictionary<int, int>();

    /// <summary>Address for listeners without one of their own.</summary>
    public IPAddress Bind { get; init; } = IPAddress.Loopback;

    /// <summary>Directory for the last good snapshot; null: none is kept.</summary>
    public string? DataDir { get; init; }

    /// <summary>Ranges that are otherwise refused as backends and that the operator allows.</summary>
    public IReadOnlyList<IPNetwork> BackendAllow { get; init; } = [];

    /// <summary>Control sockets (<c>host:port</c>) that are refused as backends whatever <see cref="BackendAllow"/> says.</summary>
    public IReadOnlyList<string> DenySockets { get; init; } = [];

    /// <summary>Where health and metrics are served; null: nowhere.</summary>
    public IPEndPoint? Admin { get; init; }

    /// <summary>Match table file that is served instead of a feed.</summary>
    public string? SnapshotFile { get; init; }

    /// <summary><c>-</c>: standard output; <c>off</c>; or a file.</summary>
    public string AccessLog { get; init; } = "-";

    /// <summary>Proxies whose X-Forwarded-* headers are believed.</summary>
    public IReadOnlyList<IPNetwork> TrustedProxies { get; init; } = [];

    /// <summary>Connections in all.</summary>
    public int MaxConnections { get; init; } = 20_000;

    /// <summary>Connections from one address; loopback and trusted proxies are not counted.</summary>
    public int MaxConnectionsPerAddress { get; init; } = 1_000;

    /// <summary>Sessions of datagrams in all.</summary>
    public int MaxUdpSessions { get; init; } = 10_000;

    /// <summary>Sessions of datagrams from one address; loopback and trusted proxies are not counted.</summary>
    public int MaxUdpSessionsPerAddress { get; init; } = 500;

    /// <summary>Largest request body in bytes; 0: no limit.</summary>
    public long MaxRequestBody { get; init; } = 1L << 30;

    /// <summary>Whether TLS clients that ask for a name that no listener takes get a certificate of nobody, and 421, instead of an alert.</summary>
    public bool NeutralCertificate { get; init; }

    /// <summary>How long requests in flight may go on after SIGTERM.</summary>
    public TimeSpan DrainTime { get; init; } = TimeSpan.FromSeconds(20);

    /// <summary>How long readiness is off before sockets close.</summary>
    public TimeSpan LameDuckTime { get; init; } = TimeSpan.Zero;

    /// <summary>Whether what comes from one address is bounded: behind loopback and trusted proxies there are many clients.</summary>
    public bool IsBounded(IPAddress address)
    {
        if (IPAddress.IsLoopback(address))
            return false;
        foreach (var proxy in TrustedProxies)
        {
            if (proxy.Contains(address))
                return false;
        }
        return true;
    }
}
