using System.Text;
using Gatehouse.Gateway.Resources;
using Gatehouse.Gateway.Validation.Reading;

namespace Gatehouse.Gateway.Validation.Kinds;

/// <summary>GatewayClass (https://gateway-api.sigs.k8s.io/reference/spec/#gatewayclassspec) with our target and tenantGateways. That controllerName is immutable is for who knows the stored object to check.</summary>
internal static class GatewayClasses
{
    private const string DataPlane = "DataPlane";
    private const string Kubernetes = "Kubernetes";
    private const int MaxPorts = 64;
    private const int MaxAnnotations = 64;

    /// <summary>Kubernetes lets an object have 256 KiB of annotations; ours and those of the stored object need room as well.</summary>
    private const int MaxAnnotationBytes = 64 * 1024;

    /// <summary>cert-manager would issue for every listener of an object that has one of these, and write over the Secrets of uploaded certificates.</summary>
    private static readonly string[] IssuerAnnotations = ["cert-manager.io/issuer", "cert-manager.io/cluster-issuer", "cert-manager.io/issuer-kind", "cert-manager.io/issuer-group", "kubernetes.io/tls-acme"];

    private static readonly TextChoice TargetTypes = new(DataPlane, Kubernetes);
    private static readonly TextChoice Placements = new("Shared", "Dedicated");
    private static readonly TextFormat Description = new(0, 64);
    private static readonly string[] KubernetesFields = ["cluster", "gatewayClassName", "placement", "gatewayNamespace", "listenerPorts", "drift", "annotations", "certManager"];
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
            Drift = reader.Text("drift", Clusters.Drifts),
            Annotations = reader.Object("annotations", ReadAnnotations),
            CertManager = reader.Object("certManager", ReadCertManager),
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

    private static TargetAnnotations ReadAnnotations(ObjectReader reader)
    {
        var annotations = new TargetAnnotations { Gateways = ReadAnnotations(reader, "gateways"), Routes = ReadAnnotations(reader, "routes") };
        foreach (var key in annotations.Gateways?.Keys.Where(key => IssuerAnnotations.Contains(key, StringComparer.OrdinalIgnoreCase)) ?? [])
            reader.Report(ErrorCodes.NotAllowed, $"Remove '{key}' and name the issuer in target.certManager: cert-manager would write over the Secrets of uploaded certificates.", "gateways");
        return annotations;
    }

    private static CertManagerIssuer ReadCertManager(ObjectReader reader)
    {
        var issuer = new CertManagerIssuer
        {
            Issuer = reader.RequiredText("issuer", NameFormat.Subdomain),
            Kind = reader.Text("kind", Formats.Kind),
            Group = reader.Text("group", Formats.Group),
        };
        if (issuer.Group is not null && issuer.Kind is null)
            reader.Report(ErrorCodes.Required, "Field 'kind' is required beside 'group': it is the kind of the external issuer.", "kind");
        return issuer;
    }

    private static IReadOnlyDictionary<string, string>? ReadAnnotations(ObjectReader reader, string field)
    {
        var annotations = reader.TextMap(field, Count.AtMost(MaxAnnotations), AnnotationKey.Rule, TextFormat.Any);
        var bytes = (annotations ?? new Dictionary<string, string>()).Sum(pair => (long)Encoding.UTF8.GetByteCount(pair.Key) + Encoding.UTF8.GetByteCount(pair.Value));
        if (bytes > MaxAnnotationBytes)
            reader.Report(ErrorCodes.TooLong, $"These annotations together may have {MaxAnnotationBytes} bytes, keys included; they have {bytes}.", field);
        return annotations;
    }

    private static TenantGateways ReadTenantGateways(ObjectReader reader) => new()
    {
        Ports = reader.IntegerSet("ports", Count.AtMost(MaxPorts), References.MinPort, References.MaxPort),
        Addresses = reader.TextSet("addresses", Count.AtMost(64), AddressOrNetwork),
    };
}
