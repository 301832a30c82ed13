using System.Text;
using System.Text.Json.Nodes;

namespace Gatehouse.Sync.Kubernetes.Access;

/// <summary>A program that prints credentials.</summary>
internal sealed record ExecPlugin
{
    /// <summary>Program: a whole path, or a name to look for in PATH.</summary>
    public required string Command { get; init; }

    /// <summary>Arguments.</summary>
    public IReadOnlyList<string> Arguments { get; init; } = [];

    /// <summary>Variables on top of the worker's own.</summary>
    public IReadOnlyDictionary<string, string> Environment { get; init; } = new Dictionary<string, string>();

    /// <summary>Version of what it reads and prints.</summary>
    public required string ApiVersion { get; init; }

    /// <summary>What it is told of the cluster; null: nothing.</summary>
    public ExecCluster? Cluster { get; init; }

    /// <summary>Where it is in the kubeconfig, for messages.</summary>
    public required string Place { get; init; }

    /// <summary>What KUBERNETES_EXEC_INFO holds.</summary>
    public async Task<string> DescribeAsync(CancellationToken cancellationToken)
    {
        var spec = new JsonObject { ["interactive"] = false };
        if (Cluster is { } cluster)
            spec["cluster"] = await cluster.DescribeAsync(cancellationToken);
        return new JsonObject { ["apiVersion"] = ApiVersion, ["kind"] = "ExecCredential", ["spec"] = spec }.ToJsonString();
    }
}

/// <summary>A cluster as plugins are told of it.</summary>
/// <param name="Endpoint">Where it is.</param>
/// <param name="Config">What the kubeconfig says to the plugin alone.</param>
internal sealed record ExecCluster(ClusterEndpoint Endpoint, JsonNode? Config)
{
    /// <summary>The JSON of it.</summary>
    public async Task<JsonObject> DescribeAsync(CancellationToken cancellationToken)
    {
        var cluster = new JsonObject { ["server"] = Endpoint.Server.OriginalString };
        if (Endpoint.TlsServerName is { } name)
            cluster["tls-server-name"] = name;
        if (Endpoint.SkipsVerification)
            cluster["insecure-skip-tls-verify"] = true;
        if (Endpoint.Authority is { } authority)
            cluster["certificate-authority-data"] = Convert.ToBase64String(Encoding.UTF8.GetBytes(await authority.ReadAsync(cancellationToken)));
        if (Endpoint.Proxy is { } proxy)
            cluster["proxy-url"] = proxy.OriginalString;
        if (Config is not null)
            cluster["config"] = Config.DeepClone();
        return cluster;
    }
}
