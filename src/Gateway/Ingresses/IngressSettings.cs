using Gatehouse.Gateway.Resources;

namespace Gatehouse.Gateway.Ingresses;

/// <summary>What the annotations of an Ingress ask for, in Gateway API's terms.</summary>
internal sealed class IngressSettings
{
    /// <summary>Where every path is rewritten to; may name captured parts.</summary>
    public string? RewriteTarget { get; set; }

    public bool UseRegex { get; set; }

    /// <summary>Null: where TLS is configured.</summary>
    public bool? SslRedirect { get; set; }

    public bool ForceSslRedirect { get; set; }

    public bool IsPassthrough { get; set; }

    public bool IsGrpc { get; set; }

    /// <summary>Null: an ordinary Ingress.</summary>
    public CanarySettings? Canary { get; set; }

    public HttpCorsFilter? Cors { get; set; }

    public HttpExternalAuthFilter? Auth { get; set; }

    /// <summary>Objects that annotations need besides routes.</summary>
    public List<IngressProduct> Extras { get; } = [];

    public SessionPersistence? Session { get; set; }

    public HttpRouteTimeouts? Timeouts { get; set; }

    public HttpRouteRetry? Retry { get; set; }

    public string? UpstreamHost { get; set; }

    public string? ForwardedPrefix { get; set; }

    /// <summary>Where requests for <c>/</c> are sent.</summary>
    public string? AppRoot { get; set; }

    /// <summary>Every request is answered with it.</summary>
    public HttpRequestRedirectFilter? Redirect { get; set; }

    public IReadOnlyList<string> Aliases { get; set; } = [];

    public bool RedirectsWww { get; set; }

    /// <summary>Every Service that the Ingress names is spoken to by TLS and has to prove this.</summary>
    public BackendTlsPolicyValidation? BackendTls { get; set; }
}

/// <summary>Which requests a canary gets (https://kubernetes.github.io/ingress-nginx/user-guide/nginx-configuration/annotations/#canary).</summary>
internal sealed record CanarySettings
{
    public int Weight { get; init; }

    public int WeightTotal { get; init; } = 100;

    public string? Header { get; init; }

    public string? HeaderValue { get; init; }

    public string? HeaderPattern { get; init; }

    public string? Cookie { get; init; }
}
