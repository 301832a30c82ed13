using Gatehouse.Gateway.Resources;
using Gatehouse.Gateway.Validation.Reading;

namespace Gatehouse.Gateway.Validation.Kinds;

/// <summary>TLS settings of a whole Gateway (https://gateway-api.sigs.k8s.io/reference/spec/#gatewaytlsconfig).</summary>
internal static class GatewayTls
{
    private static readonly TextChoice Modes = new("AllowValidOnly", "AllowInsecureFallback");

    public static GatewayTlsConfig Read(ObjectReader tls) => new()
    {
        Backend = tls.Object("backend", backend => new GatewayBackendTls { ClientCertificateRef = backend.Object("clientCertificateRef", References.Secret) }),
        Frontend = tls.Object("frontend", ReadFrontend),
    };

    private static FrontendTlsConfig ReadFrontend(ObjectReader reader)
    {
        var frontend = new FrontendTlsConfig
        {
            Default = reader.RequiredObject("default", ReadConfig),
            PerPort = reader.List("perPort", Count.AtMost(64), ReadPort),
        };
        // "Port for TLS configuration must be unique within the Gateway".
        reader.RequireUnique("perPort", frontend.PerPort, entry => entry.Port > 0 ? entry.Port : (int?)null, "Another entry has this port: one entry for each port.");
        return frontend;
    }

    private static TlsPortConfig ReadPort(ObjectReader entry) => new()
    {
        Port = entry.RequiredInteger("port", References.MinPort, References.MaxPort),
        Tls = entry.RequiredObject("tls", ReadConfig),
    };

    private static TlsConfig ReadConfig(ObjectReader config) => new() { Validation = config.Object("validation", ReadValidation) };

    /// <summary>https://gateway-api.sigs.k8s.io/reference/spec/#frontendtlsvalidation</summary>
    public static FrontendTlsValidation ReadValidation(ObjectReader validation) => new()
    {
        CaCertificateRefs = validation.RequiredList("caCertificateRefs", new Count(1, 16), References.Any),
        Mode = validation.Text("mode", Modes),
    };
}
