namespace Gatehouse.Sync.Kubernetes.Access;

/// <summary>The way to a cluster: where it is and who asks.</summary>
internal sealed record ClusterAccess
{
    /// <summary>Where.</summary>
    public required ClusterEndpoint Endpoint { get; init; }

    /// <summary>Who.</summary>
    public required ICredentialSource Credentials { get; init; }
}

/// <summary>Where an API server is and how it proves to be the one.</summary>
internal sealed record ClusterEndpoint
{
    /// <summary>URL; its path comes before all paths of the API.</summary>
    public required Uri Server { get; init; }

    /// <summary>Name that the server's certificate must have; null: the host of <see cref="Server"/>.</summary>
    public string? TlsServerName { get; init; }

    /// <summary>Whether any certificate will do.</summary>
    public bool SkipsVerification { get; init; }

    /// <summary>PEM of the authorities that alone are trusted; null: those of the machine.</summary>
    public TextSource? Authority { get; init; }

    /// <summary>Proxy; null: none. The environment's proxies are not used: which one a cluster needs is the cluster's business.</summary>
    public Uri? Proxy { get; init; }

    /// <summary>Whether answers may be compressed.</summary>
    public bool IsCompressed { get; init; } = true;
}
