namespace Gatehouse.Gateway.Manifests;

/// <summary>Kinds that people bring along, with what stands in their place here.</summary>
internal static class ForeignKinds
{
    private const string NoPolicies = "Gatehouse has no Policy objects yet";
    private const string Timeouts = "`timeouts` and `retry` of HTTPRoute rules, `healthChecks`, `loadBalancing` and `limits` of a Backend, `sessionPersistence` of a rule";
    private const string Access = "the HTTPRoute filter ExternalAuth asks an authorization service, the filter CORS sets cross-origin rules";
    private const string BackendTls = "a BackendTLSPolicy, or `tls` of a Backend, secures connections to backends";
    private const string Frontend = "`tls.frontend` of a Gateway checks client certificates; limits for clients are the data plane's own";
    private const string Routes = "write HTTPRoute, GRPCRoute, TLSRoute, TCPRoute or UDPRoute instead";
    private const string Snippets = "Raw configuration of another proxy has no equivalent on a gateway that tenants share; filters of routes are the way";

    /// <summary>Group → kind → what stands in its place. <c>*</c>: every other kind of the group.</summary>
    private static readonly Dictionary<string, (string Product, Dictionary<string, (ManifestVerdict Verdict, string Message)> Kinds)> Vendors = new(StringComparer.Ordinal)
    {
        ["gateway.envoyproxy.io"] = ("Envoy Gateway", new()
        {
            ["BackendTrafficPolicy"] = Policy("rate limits", Timeouts),
            ["SecurityPolicy"] = Policy("JWT, OIDC, basic authentication and address lists", Access),
            ["ClientTrafficPolicy"] = Replaced(Frontend),
            ["EnvoyExtensionPolicy"] = Replaced($"the HTTPRoute filter ExternalAuth replaces external processing that decides about access. {Snippets}"),
            ["EnvoyPatchPolicy"] = Replaced(Snippets),
            ["HTTPRouteFilter"] = Replaced("the filters of HTTPRoute replace it; direct responses have no equivalent"),
            ["Backend"] = Replaced("a gatehouse.dev/v1 Backend replaces it"),
            ["EnvoyProxy"] = Ignored("It configures Envoy's own processes; data planes of Gatehouse are configured by its operator."),
        }),
        ["gateway.kgateway.dev"] = ("kgateway", new()
        {
            ["TrafficPolicy"] = Policy("rate limits and transformations", $"{Timeouts}, and {Access}"),
            ["HTTPListenerPolicy"] = Replaced(Frontend),
            ["BackendConfigPolicy"] = Replaced($"{Timeouts}; {BackendTls}"),
            ["Backend"] = Replaced("a gatehouse.dev/v1 Backend replaces it"),
            ["GatewayParameters"] = Ignored("It configures kgateway's own processes."),
        }),
        ["gateway.nginx.org"] = ("NGINX Gateway Fabric", new()
        {
            ["ClientSettingsPolicy"] = Replaced("limits for clients are the data plane's own"),
            ["UpstreamSettingsPolicy"] = Replaced($"{Timeouts}"),
            ["RateLimitPolicy"] = Policy("rate limits"),
            ["ObservabilityPolicy"] = Ignored("Data planes of Gatehouse export metrics and traces as their operator configures."),
            ["SnippetsFilter"] = Replaced(Snippets),
            ["SnippetsPolicy"] = Replaced(Snippets),
            ["AuthenticationFilter"] = Policy("basic authentication", Access),
            ["NginxProxy"] = Ignored("It configures NGINX's own processes."),
            ["NginxGateway"] = Ignored("It configures NGINX's own processes."),
        }),
        ["k8s.nginx.org"] = ("NGINX Ingress Controller", new()
        {
            ["VirtualServer"] = Replaced(Routes),
            ["VirtualServerRoute"] = Replaced(Routes),
            ["TransportServer"] = Replaced(Routes),
            ["Policy"] = Policy("rate limits, JWT and address lists", Access),
        }),
        ["traefik.io"] = Traefik(),
        ["traefik.containo.us"] = Traefik(),
        ["networking.istio.io"] = ("Istio", new()
        {
            ["VirtualService"] = Replaced(Routes),
            ["DestinationRule"] = Replaced($"{Timeouts}; {BackendTls}"),
            ["Gateway"] = Replaced("a gateway.networking.k8s.io/v1 Gateway replaces it"),
            ["ServiceEntry"] = Replaced("a gatehouse.dev/v1 Backend replaces it"),
            ["EnvoyFilter"] = Replaced(Snippets),
            ["Sidecar"] = Ignored("It configures a mesh inside Kubernetes."),
        }),
        ["security.istio.io"] = ("Istio", new()
        {
            ["RequestAuthentication"] = Policy("JWT", Access),
            ["AuthorizationPolicy"] = Policy("address lists and rules for access", Access),
            ["PeerAuthentication"] = Ignored("It configures a mesh inside Kubernetes."),
        }),
        ["configuration.konghq.com"] = ("Kong", new()
        {
            ["KongPlugin"] = Policy("what plugins limit or protect", Access),
            ["KongClusterPlugin"] = Policy("what plugins limit or protect", Access),
            ["KongUpstreamPolicy"] = Replaced(Timeouts),
            ["KongIngress"] = Replaced(Timeouts),
            ["TCPIngress"] = Replaced(Routes),
            ["UDPIngress"] = Replaced(Routes),
            ["KongConsumer"] = Policy("consumers", Access),
        }),
        ["gateway.k8s.aws"] = ("AWS Load Balancer Controller", Aws()),
        ["elbv2.k8s.aws"] = ("AWS Load Balancer Controller", Aws()),
        ["networking.gke.io"] = ("GKE", new()
        {
            ["GCPBackendPolicy"] = Policy("Cloud Armor and IAP", $"{Timeouts}, and {Access}"),
            ["GCPGatewayPolicy"] = Replaced(Frontend),
            ["HealthCheckPolicy"] = Replaced("`healthChecks` of a Backend replace it"),
            ["ManagedCertificate"] = Replaced("import the certificate as a Secret of type kubernetes.io/tls"),
        }),
        ["projectcontour.io"] = ("Contour", new() { ["HTTPProxy"] = Replaced(Routes), ["TLSCertificateDelegation"] = Replaced("a ReferenceGrant replaces it") }),
        ["cilium.io"] = ("Cilium", []),
        ["cert-manager.io"] = ("cert-manager", new() { ["Certificate"] = Ignored("Keep cert-manager running and import the Secret that it fills.") }),
        ["externaldns.k8s.io"] = ("ExternalDNS", []),
        ["gateway.networking.x-k8s.io"] = ("the Gateway API's experiments", new()
        {
            ["XBackendTrafficPolicy"] = Replaced("`retry` and `sessionPersistence` of HTTPRoute rules replace it"),
            ["XBackend"] = Replaced("a gatehouse.dev/v1 Backend replaces it"),
            ["XMesh"] = Ignored("Gatehouse is no mesh."),
        }),
        ["gateway.networking.k8s.io"] = ("the Gateway API", new()
        {
            ["BackendLBPolicy"] = Replaced("`sessionPersistence` of HTTPRoute rules replaces it"),
        }),
    };

    private static readonly string[] PolicySuffixes = ["Policy", "Filter", "Plugin", "Middleware", "Authentication", "MiddlewareTCP"];

    private static readonly string[] Workloads = ["apps", "batch", "autoscaling", "policy", "rbac.authorization.k8s.io", "storage.k8s.io", "apiextensions.k8s.io", "admissionregistration.k8s.io", ""];

    /// <summary>What to say of a kind that is none of ours; the verdict is refused or ignored.</summary>
    public static (ManifestVerdict Verdict, string Message) Find(string group, string kind)
    {
        if (Vendors.TryGetValue(group, out var vendor))
        {
            if (vendor.Kinds.TryGetValue(kind, out var known))
                return (known.Verdict, $"{kind} is a kind of {vendor.Product}. {known.Message}");
            return IsPolicy(kind)
                ? (ManifestVerdict.Refused, $"{kind} is a kind of {vendor.Product}, and {NoPolicies}: remove it, and see that nothing relies on what it does.")
                : (ManifestVerdict.Ignored, $"{kind} is a kind of {vendor.Product}; Gatehouse has nothing to do with it.");
        }
        if (Workloads.Contains(group))
            return (ManifestVerdict.Ignored, "Gatehouse runs nothing and stores no such object: it belongs into Kubernetes.");
        return IsPolicy(kind)
            ? (ManifestVerdict.Refused, $"Gatehouse does not know this kind, and {NoPolicies}: remove it, and see that nothing relies on what it does.")
            : (ManifestVerdict.Ignored, "Gatehouse does not know this kind; nothing of it takes effect.");
    }

    private static bool IsPolicy(string kind) => PolicySuffixes.Any(suffix => kind.EndsWith(suffix, StringComparison.Ordinal));

    private static (ManifestVerdict Verdict, string Message) Policy(string what, string? rest = null) =>
        (ManifestVerdict.Refused, $"{NoPolicies} for {what}.{(rest is null ? "" : $" What takes the place of the rest: {rest}.")}");

    private static (ManifestVerdict Verdict, string Message) Replaced(string by) => (ManifestVerdict.Refused, $"In its place: {by}.");

    private static (ManifestVerdict Verdict, string Message) Ignored(string why) => (ManifestVerdict.Ignored, why);

    private static (string Product, Dictionary<string, (ManifestVerdict Verdict, string Message)> Kinds) Traefik() => ("Traefik", new()
    {
        ["Middleware"] = Policy("rate limits, authentication and address lists", $"{Access}, and the filters of HTTPRoute change headers, paths and redirect"),
        ["MiddlewareTCP"] = Policy("address lists"),
        ["IngressRoute"] = Replaced(Routes),
        ["IngressRouteTCP"] = Replaced(Routes),
        ["IngressRouteUDP"] = Replaced(Routes),
        ["TraefikService"] = Replaced("weights of backendRefs, RequestMirror and `sessionPersistence` replace it"),
        ["ServersTransport"] = Replaced(BackendTls),
        ["ServersTransportTCP"] = Replaced(BackendTls),
        ["TLSOption"] = Replaced(Frontend),
        ["TLSStore"] = Replaced("listeners name their certificates in `tls.certificateRefs`"),
    });

    private static Dictionary<string, (ManifestVerdict Verdict, string Message)> Aws() => new()
    {
        ["LoadBalancerConfiguration"] = Ignored("It configures load balancers of AWS."),
        ["TargetGroupConfiguration"] = Replaced($"{Timeouts}"),
        ["ListenerRuleConfiguration"] = Policy("what it protects", Access),
        ["TargetGroupBinding"] = Ignored("It configures load balancers of AWS."),
        ["IngressClassParams"] = Ignored("It configures load balancers of AWS."),
    };
}
