using Gatehouse.Gateway.Resources;
using Gatehouse.Gateway.Validation.Reading;

namespace Gatehouse.Gateway.Validation.Kinds;

/// <summary>GatewayClass (https://gateway-api.sigs.k8s.io/reference/spec/#gatewayclassspec) with our target and tenantGateways. That controllerName is immutable is for who knows the stored object to check.</summary>
internal static class GatewayClasses
{
    private const string DataPlane = "DataPlane";
    private const string Kubernetes = "Kubernetes";
    private const int MaxPorts = 64;

    private static readonly TextChoice TargetTypes = new(DataPlane, Kubernetes);
    private static readonly TextChoice Placements = new("Shared", "Dedicated");
    private static readonly TextFormat Description = new(0, 64);
    private static readonly string[] KubernetesFields = ["cluster", "gatewayClassName", "placement", "gatewayNamespace", "listenerPorts"];
    private static readonly string[] RequiredByKubernetes = ["cluster", "gatewayClassName"];
    private static readonly ParsedText AddressOrNetwork = new(64, IpText.IsAddressOrNetwork,
        "an IP address or a network such as '10.1.0.0/16'");

    public static GatewayClassSpec Read(ObjectReader spec) => new()
    {
        ControllerName = spec.RequiredText("controllerName", Formats.ControllerName),
        Description = spec.Text("description", Description),
        ParametersRef = spec.Object("parametersRef", References.Parameters),
        Target = spec.Object("target", ReadTarget),
        TenantGateways = spec.Object("tenantGateways", ReadTenantGateways),
    };

    private static GatewayClassTarget ReadTarget(ObjectReader reader)
    {
        var target = new GatewayClassTarget
        {
            Type = reader.Text("type", TargetTypes),
            Pool = reader.Text("pool", NameFormat.Label),
            Cluster = reader.Text("cluster", NameFormat.Label),
            GatewayClassName = reader.Text("gatewayClassName", NameFormat.Subdomain),
            Placement = reader.Text("placement", Placements),
            GatewayNamespace = reader.Text("gatewayNamespace", NameFormat.Label),
            ListenerPorts = reader.IntegerMap("listenerPorts", Count.AtMost(MaxPorts), PortText.Rule, References.MinPort, References.MaxPort),
        };
        CheckTarget(reader, target);
        return target;
    }

    private static void CheckTarget(ObjectReader reader, GatewayClassTarget target)
    {
        var type = target.Type ?? DataPlane;
        foreach (var field in type == DataPlane ? KubernetesFields.Where(reader.IsSet) : [])
            reader.Report(ErrorCodes.NotAllowed, $"Remove '{field}', or set 'type' to Kubernetes: it is DataPlane.", field);
        if (type != Kubernetes)
            return;
        if (reader.IsSet("pool"))
            reader.Report(ErrorCodes.NotAllowed, "Remove 'pool', or set 'type' to DataPlane: it is Kubernetes.", "pool");
        foreach (var field in RequiredByKubernetes.Where(field => !reader.IsSet(field)))
            reader.Report(ErrorCodes.Required, $"Field '{field}' is required when 'type' is Kubernetes.", field);
        if (target.Placement == "Dedicated" && reader.IsSet("gatewayNamespace"))
            reader.Report(ErrorCodes.NotAllowed, "Remove 'gatewayNamespace', or set 'placement' to Shared: dedicated Gateways lie in their tenant's namespace.", "gatewayNamespace");
    }

    private static TenantGateways ReadTenantGateways(ObjectReader reader) => new()
    {
        Ports = reader.IntegerSet("ports", Count.AtMost(MaxPorts), References.MinPort, References.MaxPort),
        Addresses = reader.TextSet("addresses", Count.AtMost(64), AddressOrNetwork),
    };
}
