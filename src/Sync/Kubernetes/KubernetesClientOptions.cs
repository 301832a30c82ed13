using System.Runtime.InteropServices;

namespace Gatehouse.Sync.Kubernetes;

/// <summary>How clients behave towards API servers.</summary>
internal sealed record KubernetesClientOptions
{
    /// <summary>Longest time for one answer, tries and waits between them included. Of a watch it bounds the time until it begins.</summary>
    public TimeSpan RequestTimeout { get; init; } = TimeSpan.FromSeconds(30);

    /// <summary>Longest time for a connection, TLS included.</summary>
    public TimeSpan ConnectTimeout { get; init; } = TimeSpan.FromSeconds(10);

    /// <summary>Most tries of a request that fails for a reason that may pass.</summary>
    public int Tries { get; init; } = 4;

    /// <summary>The first wait after a failure; it doubles up to <see cref="BackoffLimit"/>, and each is cut by up to half at random.</summary>
    public TimeSpan BackoffStart { get; init; } = TimeSpan.FromMilliseconds(500);

    /// <summary>Longest wait after a failure, unless the server asks for more.</summary>
    public TimeSpan BackoffLimit { get; init; } = TimeSpan.FromSeconds(30);

    /// <summary>Longest wait of a watch that the server asks for.</summary>
    public TimeSpan LongestPause { get; init; } = TimeSpan.FromMinutes(2);

    /// <summary>How long a watch may be silent before it is begun anew. Servers send bookmarks every 60 to 75 seconds, but need not where nothing happens.</summary>
    public TimeSpan WatchSilence { get; init; } = TimeSpan.FromSeconds(90);

    /// <summary>How long a watch lasts at least; it is asked for up to twice of that, so that not all end together.</summary>
    public TimeSpan WatchDuration { get; init; } = TimeSpan.FromMinutes(5);

    /// <summary>Objects in one page of a list.</summary>
    public int PageSize { get; init; } = 500;

    /// <summary>Most bytes of one answer, decompressed.</summary>
    public int AnswerBytes { get; init; } = 64 << 20;

    /// <summary>Most bytes of one line of a watch. Objects have at most 1.5 MiB, and their managed fields about as much again.</summary>
    public int LineBytes { get; init; } = 8 << 20;

    /// <summary>How long discovered kinds are kept.</summary>
    public TimeSpan DiscoveryLifetime { get; init; } = TimeSpan.FromMinutes(10);

    /// <summary>How long what was read from files (tokens, certificates, authorities) is kept.</summary>
    public TimeSpan FileLifetime { get; init; } = TimeSpan.FromMinutes(1);

    /// <summary>Longest time for an exec plugin.</summary>
    public TimeSpan ExecTimeout { get; init; } = TimeSpan.FromSeconds(30);

    /// <summary>Most bytes that an exec plugin may print.</summary>
    public int ExecOutputBytes { get; init; } = 1 << 20;

    /// <summary>How long before a credential expires another one is fetched.</summary>
    public TimeSpan ExpiryMargin { get; init; } = TimeSpan.FromSeconds(30);

    /// <summary>When a quiet connection is pinged.</summary>
    public TimeSpan PingDelay { get; init; } = TimeSpan.FromSeconds(30);

    /// <summary>How long the answer to a ping may take before the connection is given up.</summary>
    public TimeSpan PingTimeout { get; init; } = TimeSpan.FromSeconds(15);

    /// <summary>Whether connections without requests are pinged too, so that a write after a pause does not meet a dead one.</summary>
    public HttpKeepAlivePingPolicy PingPolicy { get; init; } = HttpKeepAlivePingPolicy.Always;

    /// <summary>How the client names itself.</summary>
    public string UserAgent { get; init; } =
        $"gatehouse-sync/{typeof(KubernetesClientOptions).Assembly.GetName().Version?.ToString(3)} ({(OperatingSystem.IsLinux() ? "linux" : "other")}/{RuntimeInformation.ProcessArchitecture.ToString().ToLowerInvariant()})";

    /// <summary>The clock.</summary>
    public TimeProvider Time { get; init; } = TimeProvider.System;
}
