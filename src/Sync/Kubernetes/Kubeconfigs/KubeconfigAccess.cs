using Gatehouse.Sync.Kubernetes.Access;

namespace Gatehouse.Sync.Kubernetes.Kubeconfigs;

/// <summary>Turns a cluster and a user of a kubeconfig into a way to the cluster.</summary>
internal sealed class KubeconfigAccess(KubeconfigEntry cluster, KubeconfigEntry user, KubeconfigRules rules, KubernetesClientOptions options)
{
    private static readonly string[] ProxySchemes = ["http", "https", "socks5"];

    /// <summary>Builds it.</summary>
    /// <exception cref="KubeconfigException">Something in it cannot be used.</exception>
    public ClusterAccess Build()
    {
        var endpoint = ReadEndpoint();
        return new ClusterAccess { Endpoint = endpoint, Credentials = ReadCredentials(endpoint) };
    }

    private ClusterEndpoint ReadEndpoint()
    {
        var endpoint = new ClusterEndpoint
        {
            Server = ReadServer(),
            TlsServerName = cluster.Text("tls-server-name"),
            SkipsVerification = cluster.Flag("insecure-skip-tls-verify"),
            Authority = cluster.Material("certificate-authority", rules),
            Proxy = ReadProxy(),
            IsCompressed = !cluster.Flag("disable-compression"),
        };
        if (endpoint is { SkipsVerification: true, Authority: not null })
            throw new KubeconfigException($"{cluster.Path} has both a certificate-authority and insecure-skip-tls-verify: keep the authority.");
        return endpoint;
    }

    private Uri ReadServer()
    {
        var text = cluster.Text("server") ?? throw new KubeconfigException($"{cluster.Path}.server is missing.");
        if (!Uri.TryCreate(text.Contains("://", StringComparison.Ordinal) ? text : "https://" + text, UriKind.Absolute, out var server)
            || server.Scheme is not ("https" or "http") || server.UserInfo.Length > 0 || server.Query.Length > 0)
            throw new KubeconfigException($"{cluster.Path}.server must be a URL such as https://10.0.0.1:6443.");
        // Credentials in the clear are for the same machine alone (kubectl proxy).
        if (server.Scheme == "http" && !server.IsLoopback)
            throw new KubeconfigException($"{cluster.Path}.server must begin with https://: credentials do not travel in the clear.");
        return server;
    }

    private Uri? ReadProxy()
    {
        if (cluster.Text("proxy-url") is not { } text)
            return null;
        return Uri.TryCreate(text, UriKind.Absolute, out var proxy) && ProxySchemes.Contains(proxy.Scheme)
            ? proxy
            : throw new KubeconfigException($"{cluster.Path}.proxy-url must be a URL that begins with http://, https:// or socks5://.");
    }

    private ICredentialSource ReadCredentials(ClusterEndpoint endpoint)
    {
        Refuse("username", "basic authentication was removed from Kubernetes 1.19: use a token or a client certificate");
        Refuse("password", "basic authentication was removed from Kubernetes 1.19: use a token or a client certificate");
        Refuse("auth-provider", "it was removed from Kubernetes 1.26: use an exec plugin");
        Refuse("as", "the worker does not impersonate: give it credentials of its own");
        Refuse("as-uid", "the worker does not impersonate: give it credentials of its own");
        Refuse("as-groups", "the worker does not impersonate: give it credentials of its own");
        Refuse("as-user-extra", "the worker does not impersonate: give it credentials of its own");

        var stored = new StoredCredential(
            user.File("tokenFile", rules, "token") ?? (user.Secret("token") is { } token ? TextSource.Inline(token.Reveal()) : null),
            user.Material("client-certificate", rules),
            user.Material("client-key", rules),
            user.Path, options);
        return !stored.HasToken && user.Inner("exec") is { } exec
            ? new ExecCredential(KubeconfigExec.Read(exec, cluster, endpoint, rules), stored, options)
            : stored;
    }

    private void Refuse(string field, string why)
    {
        if (user.Fields[field] is not null)
            throw new KubeconfigException($"{user.Path}.{field} cannot be used: {why}.");
    }
}
