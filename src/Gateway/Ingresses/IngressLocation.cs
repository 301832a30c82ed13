namespace Gatehouse.Gateway.Ingresses;

/// <summary>A path of a host, as ingress-nginx makes locations of them.</summary>
/// <param name="ingress">Whose it is.</param>
/// <param name="host">Host; null: all.</param>
/// <param name="path">Path and backend.</param>
/// <param name="pointer">Where the path stands.</param>
internal sealed class IngressLocation(Ingress ingress, string? host, IngressPath path, string pointer)
{
    public Ingress Ingress => ingress;

    public string? Host => host;

    public IngressPath Path => path;

    public string Pointer => pointer;

    /// <summary>The same place in a canary Ingress.</summary>
    public IngressLocation? Canary { get; set; }

    /// <summary>Two Ingresses with this in common speak of one location.</summary>
    public (string Host, string Path, string Type) Key => (host ?? "", path.Path, path.Type);
}
