using Gatehouse.Gateway.Validation;
using Gatehouse.Gateway.Validation.Kinds;
using Gatehouse.Gateway.Validation.Reading;

namespace Gatehouse.Gateway.Ingresses;

/// <summary>Spec of an Ingress (https://kubernetes.io/docs/reference/kubernetes-api/service-resources/ingress-v1/#IngressSpec).</summary>
internal sealed record IngressSpec
{
    private static readonly TextChoice PathTypes = new("Exact", "Prefix", "ImplementationSpecific");
    private static readonly Count Many = Count.AtMost(1_000);

    public string? ClassName { get; init; }

    public IngressBackend? DefaultBackend { get; init; }

    public IReadOnlyList<IngressTls>? Tls { get; init; }

    public IReadOnlyList<IngressRule>? Rules { get; init; }

    /// <summary>Reads a spec; fields that do not exist are left out, everything else that is wrong blocks.</summary>
    public static IngressSpec Read(IngressObject ingress, IngressNotes notes)
    {
        var errors = new ErrorList(SpecValidator.MaxErrors);
        var spec = ObjectReader.Read(ingress.Spec, Location.Root.Then("spec"), errors, Read);
        foreach (var error in errors.Errors)
        {
            if (error.Code == ErrorCodes.UnknownField)
                notes.Differ(error.Pointer, error.Message + " It was left out.");
            else
                notes.Block(error.Pointer, error.Message);
        }
        return spec;
    }

    private static IngressSpec Read(ObjectReader spec) => new()
    {
        ClassName = spec.Text("ingressClassName", NameFormat.Subdomain),
        DefaultBackend = spec.Object("defaultBackend", ReadBackend),
        Tls = spec.List("tls", Many, tls => new IngressTls(tls.Texts("hosts", Many, Formats.Hostname) ?? [], tls.Text("secretName", Formats.ObjectName))),
        Rules = spec.List("rules", Many, rule => new IngressRule(rule.Text("host", Formats.Hostname), rule.Object("http", ReadPaths)?.Paths ?? [])),
    };

    private static PathList ReadPaths(ObjectReader http) => new(http.RequiredList("paths", Many, path => new IngressPath(
        path.Text("path", TextFormat.Any) is { Length: > 0 } text ? text : "/",
        path.RequiredText("pathType", PathTypes),
        path.RequiredObject("backend", ReadBackend))));

    private static IngressBackend ReadBackend(ObjectReader backend)
    {
        var service = backend.Object("service", service => new ServicePart(
            service.RequiredText("name", Formats.ObjectName),
            service.RequiredObject("port", port => new PortPart(port.Text("name", TextFormat.Any), port.Integer("number", References.MinPort, References.MaxPort)))));
        var resource = backend.Object("resource", resource => new ResourcePart(
            resource.Text("apiGroup", Formats.Group), resource.RequiredText("kind", Formats.Kind), resource.RequiredText("name", Formats.ObjectName)));
        if (service is null && resource is null && !backend.IsSet("service") && !backend.IsSet("resource"))
            backend.Report(ErrorCodes.Required, "Write 'service' with its name and port.", "service");
        return resource is null
            ? new IngressBackend(null, null, service?.Name ?? "", service?.Port.Name, service?.Port.Number)
            : new IngressBackend(resource.Group ?? "", resource.Kind, resource.Name, null, null);
    }

    private sealed record PathList(IReadOnlyList<IngressPath> Paths);

    private sealed record ServicePart(string Name, PortPart Port);

    private sealed record PortPart(string? Name, int? Number);

    private sealed record ResourcePart(string? Group, string Kind, string Name);
}

/// <summary>Names that TLS is shown for.</summary>
internal sealed record IngressTls(IReadOnlyList<string> Hosts, string? SecretName);

/// <summary>Paths of one host; null: of all.</summary>
internal sealed record IngressRule(string? Host, IReadOnlyList<IngressPath> Paths);

/// <summary>One path.</summary>
internal sealed record IngressPath(string Path, string Type, IngressBackend Backend);

/// <summary>A Service and its port by name or number, or another object by group and kind.</summary>
internal sealed record IngressBackend(string? Group, string? Kind, string Name, string? PortName, int? PortNumber);
