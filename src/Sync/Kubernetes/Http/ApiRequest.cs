namespace Gatehouse.Sync.Kubernetes.Http;

/// <summary>A request to an API server. All that are sent may be sent again: reading, applying a whole intent, deleting one object.</summary>
/// <param name="Method">Method.</param>
/// <param name="Path">Path below the server's URL, without a leading slash; query included.</param>
internal sealed record ApiRequest(HttpMethod Method, string Path)
{
    /// <summary>Body.</summary>
    public ReadOnlyMemory<byte>? Body { get; init; }

    /// <summary>Content type of the body.</summary>
    public string ContentType { get; init; } = "application/json";

    /// <summary>Whether it is about Secrets, whose values the server may quote in errors.</summary>
    public bool IsConfidential { get; init; }

    /// <summary>Most tries; null: as the options say.</summary>
    public int? Tries { get; init; }
}
