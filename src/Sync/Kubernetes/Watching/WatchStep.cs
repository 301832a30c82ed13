namespace Gatehouse.Sync.Kubernetes.Watching;

/// <summary>What came of one watch next.</summary>
internal readonly record struct WatchStep
{
    /// <summary>What to tell; null: nothing.</summary>
    public WatchSignal? Signal { get; init; }

    /// <summary>Where to take the watch up from; null: as before.</summary>
    public string? ResourceVersion { get; init; }

    /// <summary>That it ended; null: it goes on.</summary>
    public WatchEnd? End { get; init; }
}

/// <summary>How a watch ended.</summary>
/// <param name="IsOrderly">Whether the server ended it after it had served for a while; one that ends at once is asked for again only after a pause.</param>
/// <param name="IsExpired">Whether the server has forgotten the place.</param>
/// <param name="Failure">What went wrong; null: nothing.</param>
/// <param name="IsSilent">Whether nothing came for too long. Where nothing happens, servers may leave out bookmarks too: by itself it is no failure.</param>
internal sealed record WatchEnd(bool IsOrderly, bool IsExpired = false, KubernetesException? Failure = null, bool IsSilent = false);
