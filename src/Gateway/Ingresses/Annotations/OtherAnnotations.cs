using Gatehouse.Gateway.Validation.Reading;

namespace Gatehouse.Gateway.Ingresses.Annotations;

/// <summary>Annotations that no feature reads: of ingress-nginx by a table, of everybody else by whose they are. None is passed over.</summary>
internal static class OtherAnnotations
{
    private const string Protects = "and an Ingress is not served here without what protects it. Remove the annotation if you mean to serve it without.";
    private const string Snippet = "Raw configuration of nginx has no equivalent on a gateway that tenants share: it could reach other tenants' traffic, and nobody can tell what it protects. "
        + "Say the same by filters of an HTTPRoute (redirects, rewrites, headers, CORS, ExternalAuth) and remove the annotation.";
    private const string Limits = "There are no rate limits until policies exist, " + Protects;
    private const string Addresses = "There are no address lists until policies exist, " + Protects;
    private const string Credentials = "Gatehouse checks no passwords itself, " + Protects + " The filter ExternalAuth (auth-url) asks a service that does.";
    private const string ClientCertificates = "Client certificates are a Gateway's: tls.frontend validates them for its listeners, " + Protects;
    private const string Firewall = "There is no web application firewall, " + Protects;
    private const string Tuning = "The data plane streams and chooses its buffers itself.";
    private const string Observing = "Access logs, metrics and traces are the data plane's own.";

    /// <summary>Must not be dropped.</summary>
    private static readonly Dictionary<string, string> Blocking = new(StringComparer.Ordinal)
    {
        ["server-snippet"] = Snippet, ["configuration-snippet"] = Snippet, ["stream-snippet"] = Snippet, ["auth-snippet"] = Snippet,
        ["limit-rps"] = Limits, ["limit-rpm"] = Limits, ["limit-connections"] = Limits, ["limit-rate"] = Limits, ["limit-rate-after"] = Limits,
        ["limit-burst-multiplier"] = Limits, ["limit-whitelist"] = Limits, ["limit-allowlist"] = Limits,
        ["global-rate-limit"] = Limits, ["global-rate-limit-window"] = Limits, ["global-rate-limit-key"] = Limits, ["global-rate-limit-ignored-cidrs"] = Limits,
        ["rate-limit"] = Limits + " (ingress-nginx knows limit-rps, not this name.)",
        ["whitelist-source-range"] = Addresses, ["allowlist-source-range"] = Addresses, ["denylist-source-range"] = Addresses,
        ["auth-type"] = Credentials, ["auth-secret"] = Credentials, ["auth-secret-type"] = Credentials, ["auth-realm"] = Credentials,
        ["satisfy"] = "Every check must let a request pass, " + Protects,
        ["enable-global-auth"] = "There is no authorization over all Ingresses: write auth-url here, " + Protects,
        ["auth-tls-secret"] = ClientCertificates, ["auth-tls-verify-client"] = ClientCertificates, ["auth-tls-verify-depth"] = ClientCertificates,
        ["auth-tls-error-page"] = ClientCertificates, ["auth-tls-pass-certificate-to-upstream"] = ClientCertificates, ["auth-tls-match-cn"] = ClientCertificates,
        ["enable-modsecurity"] = Firewall, ["enable-owasp-core-rules"] = Firewall, ["modsecurity-snippet"] = Firewall, ["modsecurity-transaction-id"] = Firewall,
    };

    /// <summary>Traffic flows without it, differently.</summary>
    private static readonly Dictionary<string, string> Differing = new(StringComparer.Ordinal)
    {
        ["proxy-body-size"] = "Routes have no bound on bodies: the data plane's own holds for all of them.",
        ["default-backend"] = "There is no second backend for when the first has no endpoints: clients get 503.",
        ["custom-http-errors"] = "Answers of backends are not replaced: clients get them as they are.",
        ["disable-proxy-intercept-errors"] = "Answers of backends are not replaced.",
        ["proxy-cookie-domain"] = "Cookies of backends are passed on as they are: let the backend set the domain.",
        ["proxy-cookie-path"] = "Cookies of backends are passed on as they are: let the backend set the path.",
        ["proxy-redirect-from"] = "Location headers of backends are passed on as they are.",
        ["proxy-redirect-to"] = "Location headers of backends are passed on as they are.",
        ["custom-headers"] = "It names a ConfigMap; write the headers as a ResponseHeaderModifier.",
        ["mirror-target"] = "Copies of requests are not made: write the filter RequestMirror with a backend.",
        ["mirror-request-body"] = "Copies of requests are not made: write the filter RequestMirror with a backend.",
        ["mirror-host"] = "Copies of requests are not made: write the filter RequestMirror with a backend.",
        ["upstream-hash-by"] = "Endpoints are not chosen by a hash; sessionPersistence keeps clients on one.",
        ["upstream-hash-by-subset"] = "Endpoints are not chosen by a hash.",
        ["upstream-hash-by-subset-size"] = "Endpoints are not chosen by a hash.",
        ["load-balance"] = "Endpoints of a Service are taken in turn; a Backend chooses by `loadBalancing`.",
        ["auth-proxy-set-headers"] = "It names a ConfigMap; headers of the authorization request are those that auth-url lists.",
        ["auth-always-set-cookie"] = "Cookies of the authorization service reach clients only with its refusals.",
        ["proxy-http-version"] = "Backends are spoken to by HTTP/1.1, or HTTP/2 where they say so.",
        ["connection-proxy-header"] = "Connection headers are the data plane's own.",
        ["preserve-trailing-slash"] = "Redirects keep the path as it is.",
        ["ssl-ciphers"] = "Ciphers are the data plane's own.",
        ["ssl-prefer-server-ciphers"] = "Ciphers are the data plane's own.",
        ["proxy-request-buffering"] = Tuning,
        ["proxy-buffering"] = Tuning,
        ["proxy-busy-buffers-size"] = Tuning,
        ["relative-redirects"] = "Redirects name scheme and host.",
    };

    /// <summary>Makes no difference to traffic.</summary>
    private static readonly Dictionary<string, string> Ineffective = new(StringComparer.Ordinal)
    {
        ["service-upstream"] = "Endpoints come from EndpointSlices or Backends in any case.",
        ["http2-push-preload"] = "Clients no longer take pushes.",
        ["client-body-buffer-size"] = Tuning, ["proxy-buffers-number"] = Tuning, ["proxy-buffer-size"] = Tuning, ["proxy-max-temp-file-size"] = Tuning,
        ["enable-access-log"] = Observing, ["enable-rewrite-log"] = Observing, ["enable-opentracing"] = Observing, ["opentracing-trust-incoming-span"] = Observing,
        ["enable-opentelemetry"] = Observing, ["opentelemetry-trust-incoming-span"] = Observing, ["opentelemetry-operation-name"] = Observing,
        ["enable-influxdb"] = Observing, ["influxdb-measurement"] = Observing, ["influxdb-port"] = Observing, ["influxdb-host"] = Observing, ["influxdb-server-name"] = Observing,
    };

    /// <summary>Controllers whose annotations are told from each other by the domain before the slash, with what to say.</summary>
    private static readonly (string Domain, string Owner, string Advice)[] Controllers =
    [
        ("traefik.io", "Traefik", "sessionPersistence of a rule does what service.sticky does; filters of the route do the rest"),
        ("traefik.ingress.kubernetes.io", "Traefik", "filters of the route, a Gateway's listeners or sessionPersistence say the same"),
        ("alb.ingress.kubernetes.io", "the AWS Load Balancer Controller", "whether a listener is reachable from the internet is decided where data planes run; certificates and redirects are objects here"),
        ("service.beta.kubernetes.io", "cloud load balancers", "load balancers before the data plane are its operator's"),
        ("nginx.org", "NGINX Ingress Controller", "fields and filters of HTTPRoute say the same"),
        ("nginx.com", "NGINX Ingress Controller", "fields and filters of HTTPRoute say the same"),
        ("haproxy.org", "HAProxy Ingress", "fields and filters of HTTPRoute say the same"),
        ("haproxy-ingress.github.io", "HAProxy Ingress", "fields and filters of HTTPRoute say the same"),
        ("konghq.com", "Kong", "filters of HTTPRoute say the same"),
        ("projectcontour.io", "Contour", "fields and filters of HTTPRoute say the same"),
        ("appgw.ingress.kubernetes.io", "Azure Application Gateway", "fields and filters of HTTPRoute say the same"),
        ("networking.gke.io", "GKE", "certificates and addresses are objects of Gateways here"),
        ("ingress.gcp.kubernetes.io", "GKE", "certificates and addresses are objects of Gateways here"),
        ("cert-manager.io", "cert-manager", "keep it running and import the Secret that it fills, or upload a certificate"),
        ("acme.cert-manager.io", "cert-manager", "keep it running and import the Secret that it fills, or upload a certificate"),
        ("external-dns.alpha.kubernetes.io", "ExternalDNS", "let it watch the routes, or set DNS yourself"),
    ];

    /// <summary>Parts of names of what keeps somebody out, whosever annotation it is.</summary>
    private static readonly string[] Protective =
        ["auth", "jwt", "oidc", "allow", "deny", "whitelist", "blacklist", "cidr", "source-range", "limit", "middleware", "plugin", "waf", "acl", "snippet", "security-policy", "client-ca"];

    public static void Judge(Ingress ingress, AnnotationBag bag)
    {
        foreach (var name in bag.Unjudged())
            JudgeOwn(name, bag);
        foreach (var (name, _) in ingress.Source.Annotations.OrderBy(annotation => annotation.Key, StringComparer.Ordinal))
        {
            if (!name.StartsWith(AnnotationBag.Prefix, StringComparison.Ordinal))
                JudgeForeign(name, ingress);
        }
    }

    private static void JudgeOwn(string name, AnnotationBag bag)
    {
        if (name is RewriteAnnotations.Target or RewriteAnnotations.UseRegex)
            return; // the paths say what becomes of them
        if (Blocking.TryGetValue(name, out var why))
            bag.Block(name, why);
        else if (Differing.TryGetValue(name, out why))
            bag.Differ(name, why);
        else if (Ineffective.TryGetValue(name, out why))
            bag.Ignore(name, why);
        else if (Array.Exists(Protective, part => name.Contains(part, StringComparison.OrdinalIgnoreCase)))
            bag.Block(name, "Gatehouse does not know this annotation of ingress-nginx. It may keep somebody out, " + Protects);
        else
            bag.Refuse(name, "Gatehouse does not know this annotation of ingress-nginx: see what it does, and say it by fields or filters of an HTTPRoute.");
    }

    /// <summary>What may protect the Ingress is not left out, unless ingress-nginx, which does not read it, serves it.</summary>
    private static void RefuseForeign(string name, string pointer, (string Domain, string Owner, string Advice) controller, Ingress ingress)
    {
        var message = $"It is an annotation of {controller.Owner}, which Gatehouse does not read: {controller.Advice}.";
        if (!ingress.IsOfNginx && Array.Exists(Protective, part => name.Contains(part, StringComparison.OrdinalIgnoreCase)))
            ingress.Notes.Block(pointer, message + " It may keep somebody out, " + Protects);
        else
            ingress.Notes.Refuse(pointer, message);
    }

    private static void JudgeForeign(string name, Ingress ingress)
    {
        var pointer = IngressNotes.Annotation(name);
        var domain = name.Contains('/', StringComparison.Ordinal) ? name[..name.IndexOf('/', StringComparison.Ordinal)] : "";
        if (name == "kubernetes.io/ingress.class")
            ingress.Notes.Say(pointer, "It names the class, as ingressClassName does; routes attach to the tenant's Hostnames whatever the class.");
        else if (Array.Find(Controllers, controller => domain == controller.Domain || domain.EndsWith("." + controller.Domain, StringComparison.Ordinal)) is { Domain: not null } controller)
            RefuseForeign(name[domain.Length..], pointer, controller, ingress);
        else
            ingress.Notes.Ignore(pointer, $"{SafeText.Quote(name)} is nothing that Gatehouse or ingress-nginx acts on.");
    }
}
