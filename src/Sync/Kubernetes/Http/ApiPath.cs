namespace Gatehouse.Sync.Kubernetes.Http;

/// <summary>Paths of the API (https://kubernetes.io/docs/reference/using-api/api-concepts/#resource-uris).</summary>
internal static class ApiPath
{
    /// <summary>Where the resources of a group version are.</summary>
    /// <param name="apiVersion"><c>group/version</c>, or <c>v1</c>.</param>
    public static string OfVersion(string apiVersion)
    {
        var parts = apiVersion.Split('/');
        return parts.Length switch
        {
            1 => "api/" + Segment(parts[0]),
            2 => $"apis/{Segment(parts[0])}/{Segment(parts[1])}",
            _ => throw new ArgumentException($"'{apiVersion}' is no apiVersion.", nameof(apiVersion)),
        };
    }

    /// <summary>Where all objects of a kind are, or those of a namespace.</summary>
    public static string OfKind(ApiKind kind, string? ns)
    {
        var version = OfVersion(kind.ApiVersion);
        return kind.IsNamespaced && ns is not null ? $"{version}/namespaces/{Segment(ns)}/{Segment(kind.Plural)}" : $"{version}/{Segment(kind.Plural)}";
    }

    /// <summary>Where an object is.</summary>
    public static string OfObject(ApiKind kind, string? ns, string name)
    {
        if (kind.IsNamespaced && ns is null)
            throw new ArgumentException($"A {kind.Kind} lies in a namespace.", nameof(ns));
        return $"{OfKind(kind, ns)}/{Segment(name)}";
    }

    /// <summary>One segment. Kubernetes' own names never need more than this refuses.</summary>
    private static string Segment(string text) => text is "" or "." or ".." || text.AsSpan().ContainsAny("/%")
        ? throw new ArgumentException($"'{text}' is no name of Kubernetes.", nameof(text))
        : Uri.EscapeDataString(text);
}
