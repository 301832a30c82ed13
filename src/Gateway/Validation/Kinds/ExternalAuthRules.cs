using Gatehouse.Gateway.Resources;
using Gatehouse.Gateway.Validation.Reading;

namespace Gatehouse.Gateway.Validation.Kinds;

/// <summary>External authorization (https://gateway-api.sigs.k8s.io/reference/spec/#httpexternalauthfilter, GEP-1494).</summary>
internal static class ExternalAuthRules
{
    private static readonly TextChoice Protocols = new("HTTP", "GRPC");
    private static readonly Count AtMost64 = Count.AtMost(64);

    public static HttpExternalAuthFilter Read(ObjectReader reader)
    {
        var auth = new HttpExternalAuthFilter
        {
            Protocol = reader.RequiredText("protocol", Protocols),
            BackendRef = reader.RequiredObject("backendRef", References.Backend),
            Grpc = reader.Object("grpc", grpc => new GrpcAuthConfig { AllowedHeaders = HeaderSet(grpc, "allowedHeaders") }),
            Http = reader.Object("http", ReadHttp),
            ForwardBody = reader.Object("forwardBody", body => new ForwardBodyConfig { MaxSize = body.LongInteger("maxSize", long.MinValue, long.MaxValue) }),
        };
        if (!Protocols.Contains(auth.Protocol))
            return auth;
        // "grpc must be specified when protocol is set to 'GRPC'", "protocol must be 'GRPC' when grpc is set", and so for HTTP.
        reader.RequirePayload("protocol", auth.Protocol, "GRPC", "grpc");
        reader.RequirePayload("protocol", auth.Protocol, "HTTP", "http");
        return auth;
    }

    private static HttpAuthConfig ReadHttp(ObjectReader http) => new()
    {
        Path = http.Text("path", Formats.AuthPath),
        AllowedHeaders = HeaderSet(http, "allowedHeaders"),
        AllowedResponseHeaders = HeaderSet(http, "allowedResponseHeaders"),
    };

    /// <summary>Upstream bounds the number of these names, not their form.</summary>
    private static IReadOnlyList<string>? HeaderSet(ObjectReader reader, string name) => reader.TextSet(name, AtMost64, TextFormat.Any);
}
