using Yarp.ReverseProxy.Model;

namespace Gatehouse.DataPlane.Backends;

/// <summary>What a request needs of the way to its backend that the backend's own entry does not say.</summary>
/// <param name="IsHttp2">HTTP/2, whatever the backend says: gRPC knows nothing else.</param>
/// <param name="ClientCertificate">Key of the certificate that the listener's Gateway shows to its backends; null: none.</param>
/// <param name="IsPatient">The rule has timeouts of its own, so that the gateway's do not hold.</param>
internal readonly record struct PathNeeds(bool IsHttp2, string? ClientCertificate, bool IsPatient);

/// <summary>A way to a backend: what YARP reads of the cluster, and the client.</summary>
/// <param name="Model">Configuration and client as YARP wants them.</param>
/// <param name="Client">Client.</param>
internal sealed record BackendPath(ClusterModel Model, OutboundClient Client)
{
    /// <summary>Whether requests are addressed with https although the endpoints' addresses say http.</summary>
    public bool IsHttps => Client.Options is { IsTls: true, IsHttp2: true };

    /// <summary>Where a request goes: TLS without HTTP/2 is below a plain scheme.</summary>
    /// <param name="prefix">An endpoint's address, of either scheme.</param>
    public string PrefixOf(string prefix) => IsHttps && prefix.StartsWith("http:", StringComparison.Ordinal) ? string.Concat("https", prefix.AsSpan("http".Length)) : prefix;
}
