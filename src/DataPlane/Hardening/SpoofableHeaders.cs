namespace Gatehouse.DataPlane.Hardening;

/// <summary>Request headers that backends believe because proxies set them. What a client sends in them is dropped.</summary>
internal static class SpoofableHeaders
{
    /// <summary>The headers.</summary>
    public static readonly string[] Names =
    [
        "Forwarded", "X-Forwarded-For", "X-Forwarded-Host", "X-Forwarded-Proto", "X-Forwarded-Port", "X-Forwarded-Prefix", "X-Forwarded-Server",
        "X-Forwarded-Ssl", "X-Forwarded-Scheme", "X-Forwarded-Protocol", "X-Forwarded", "X-Real-IP", "X-Client-IP", "X-Cluster-Client-IP", "X-Original-URL", "X-Original-Host",
        "X-Original-For", "X-Original-Proto", "X-Rewrite-URL", "X-Scheme", "X-Url-Scheme", "Front-End-Https", "True-Client-IP", "CF-Connecting-IP", "Fastly-Client-IP",
        "X-Client-Cert", "X-SSL-Client-Cert", "X-Forwarded-Client-Cert", "X-Forwarded-Tls-Client-Cert", "SSL-Client-Cert", "SSL-Client-Verify", "SSL-Client-S-DN",
        "X-SSL-Client-Verify", "X-SSL-Client-S-DN", "X-SSL-Client-DN", "X-SSL-Client-CN", "X-Client-DN", "X-Client-Verify", "Client-Cert", "Client-Cert-Chain", "X-ARR-ClientCert", "X-Envoy-External-Address",
        "Proxy",
    ];
}
