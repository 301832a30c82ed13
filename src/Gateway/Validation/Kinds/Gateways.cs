using Gatehouse.Gateway.Resources;
using Gatehouse.Gateway.Validation.Reading;

namespace Gatehouse.Gateway.Validation.Kinds;

/// <summary>Gateway (https://gateway-api.sigs.k8s.io/reference/spec/#gatewayspec).</summary>
internal static class Gateways
{
    private static readonly TextChoice Scopes = new("All", "None");

    /// <summary>Upstream's keys of infrastructure labels and annotations: of the prefix only 252 characters are allowed.</summary>
    private static readonly ParsedText InfrastructureKey = new(252 + 1 + 63,
        key => NameFormat.QualifiedName.Check(key) is null && key.IndexOf('/', StringComparison.Ordinal) < 253,
        "an optional DNS name of less than 253 characters and '/', then at most 63 letters, digits, '-', '_' or '.'");

    public static GatewaySpec Read(ObjectReader spec) => new()
    {
        GatewayClassName = spec.RequiredText("gatewayClassName", Formats.ObjectName),
        Listeners = Listeners.ReadList(spec),
        Addresses = GatewayAddresses.ReadList(spec),
        Infrastructure = spec.Object("infrastructure", ReadInfrastructure),
        AllowedListeners = spec.Object("allowedListeners", AllowedRoutesRules.ReadListeners),
        Tls = spec.Object("tls", GatewayTls.Read),
        DefaultScope = spec.Text("defaultScope", Scopes),
    };

    /// <summary>https://gateway-api.sigs.k8s.io/reference/spec/#gatewayinfrastructure</summary>
    private static GatewayInfrastructure ReadInfrastructure(ObjectReader reader) => new()
    {
        Labels = reader.TextMap("labels", Count.AtMost(8), InfrastructureKey, NameFormat.LabelValue),
        Annotations = reader.TextMap("annotations", Count.AtMost(16), InfrastructureKey, Formats.LongText),
        ParametersRef = reader.Object("parametersRef", References.Local),
    };
}
