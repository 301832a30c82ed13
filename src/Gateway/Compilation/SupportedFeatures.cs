namespace Gatehouse.Gateway.Compilation;

/// <summary>
/// Names of upstream's features that a target has (https://gateway-api.sigs.k8s.io/reference/spec/#supportedfeature;
/// https://github.com/kubernetes-sigs/gateway-api/tree/v1.6.1/pkg/features).
/// </summary>
internal static class SupportedFeatures
{
    private static readonly string[] Always =
    [
        "Gateway", "GatewayAddressEmpty", "GatewayPort8080", "GatewayStaticAddresses", "ListenerSet", "ReferenceGrant",
        "BackendTLSPolicy", "BackendTLSPolicySANValidation",
    ];

    private static readonly (string Protocol, string[] Names)[] ByProtocol =
    [
        ("HTTP",
        [
            "HTTPRoute", "HTTPRouteBackendProtocolH2C", "HTTPRouteBackendProtocolWebSocket", "HTTPRouteBackendTimeout", "HTTPRouteDestinationPortMatching",
            "HTTPRouteMethodMatching", "HTTPRouteNamedRouteRule", "HTTPRouteParentRefPort", "HTTPRouteQueryParamMatching", "HTTPRouteRequestTimeout",
            "GatewayHTTPListenerIsolation", "GRPCRoute", "GRPCRouteNamedRouteRule",
        ]),
        ("HTTPS",
        [
            "GatewayBackendClientCertificate", "GatewayFrontendClientCertificateValidation", "GatewayFrontendClientCertificateValidationInsecureFallback",
            "GatewayHTTPSListenerDetectMisdirectedRequests",
        ]),
        ("TLS", ["TLSRoute", "TLSRouteModeMixed", "TLSRouteModeTerminate"]),
        ("TCP", ["TCPRoute"]),
        ("UDP", ["UDPRoute"]),
    ];

    private static readonly (string Filter, string[] Names)[] ByFilter =
    [
        ("RequestHeaderModifier", ["HTTPRouteBackendRequestHeaderModification"]),
        ("ResponseHeaderModifier", ["HTTPRouteResponseHeaderModification"]),
        ("RequestRedirect",
        [
            "HTTPRoute303RedirectStatusCode", "HTTPRoute307RedirectStatusCode", "HTTPRoute308RedirectStatusCode",
            "HTTPRoutePathRedirect", "HTTPRoutePortRedirect", "HTTPRouteSchemeRedirect",
        ]),
        ("URLRewrite", ["HTTPRouteHostRewrite", "HTTPRoutePathRewrite"]),
        ("RequestMirror", ["HTTPRouteRequestMirror", "HTTPRouteRequestMultipleMirrors", "HTTPRouteRequestPercentageMirror"]),
        ("CORS", ["HTTPRouteCORS"]),
    ];

    private static readonly string[] Retries = ["HTTPRouteRetry", "HTTPRouteRetryBackendTimeout", "HTTPRouteRetryConnectionError"];

    /// <summary>Ordinal order, as upstream asks.</summary>
    public static IReadOnlyList<string> Of(TargetCapabilities capabilities) =>
    [
        .. Always
            .Concat(ByProtocol.Where(entry => capabilities.Protocols.Contains(entry.Protocol)).SelectMany(entry => entry.Names))
            .Concat(ByFilter.Where(entry => capabilities.HttpFilters.Contains(entry.Filter)).SelectMany(entry => entry.Names))
            .Concat(capabilities.Retry ? Retries : [])
            .Order(StringComparer.Ordinal),
    ];
}
