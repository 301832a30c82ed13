using Gatehouse.Gateway.Ingresses.Annotations;
using Gatehouse.Gateway.Resources;

namespace Gatehouse.Gateway.Ingresses;

/// <summary>An Ingress on its way: read, with what its annotations ask for.</summary>
internal sealed class Ingress
{
    public Ingress(IngressObject source, IngressSet set, string tenant)
    {
        Source = source;
        Set = set;
        Tenant = tenant;
        Spec = IngressSpec.Read(source, Notes);
        IsUnreadable = Notes.IsBlocked;
        Bag = new AnnotationBag(source.Annotations, Notes);
        IsCanary = !IsOfOtherController && CanaryAnnotations.IsOn(source.Annotations);
    }

    public IngressObject Source { get; }

    public IngressSet Set { get; }

    public string Tenant { get; }

    public IngressNotes Notes { get; } = new();

    /// <summary>The spec itself is wrong, so that nothing can be made of it.</summary>
    public bool IsUnreadable { get; }

    public AnnotationBag Bag { get; }

    public bool IsCanary { get; }

    public IngressSpec Spec { get; }

    /// <summary>What the annotations ask for; known after <see cref="ReadAnnotations"/>.</summary>
    public IngressSettings Settings { get; private set; } = new();

    public string Name => Source.Name;

    /// <summary>Whether its class is served by another controller than ingress-nginx, whose annotations then mean nothing.</summary>
    public bool IsOfOtherController => ClassName is { } name && Set.Controllers.TryGetValue(name, out var controller) && controller != NginxController;

    /// <summary>Whether ingress-nginx serves it, so that annotations of others have no effect there either.</summary>
    public bool IsOfNginx => ClassName is { } name && (Set.Controllers.TryGetValue(name, out var controller) ? controller == NginxController : name == "nginx");

    public const string NginxController = "k8s.io/ingress-nginx";

    /// <summary>Judges all annotations but those whose verdict the paths decide.</summary>
    /// <param name="hasMain">Of a canary: whether an Ingress is there that it belongs to.</param>
    public void ReadAnnotations(bool hasMain) => Settings = AnnotationReader.Read(this, hasMain);

    /// <summary>The class by field or by the annotation that came before it.</summary>
    public string? ClassName => Spec.ClassName ?? Source.Annotations.GetValueOrDefault("kubernetes.io/ingress.class");

    /// <summary>The reference that a backend means; null: it cannot be told, and the notes say so.</summary>
    public BackendRef? Reference(IngressBackend backend, string pointer)
    {
        if (backend.Kind is not null)
            return new BackendRef { Group = backend.Group, Kind = backend.Kind, Name = backend.Name };
        if (backend.PortNumber is { } number)
            return new BackendRef { Name = backend.Name, Port = number };
        if (backend.PortName is { Length: > 0 } name && Set.ServicePorts.TryGetValue((backend.Name, name), out var known))
            return new BackendRef { Name = backend.Name, Port = known };
        Notes.Block(pointer + "/service/port", backend.PortName is { Length: > 0 } unknown
            ? $"Nothing here says which number port '{Validation.Reading.SafeText.Shorten(unknown, 63)}' of Service '{backend.Name}' has: import the Service along with the Ingress, or write port.number."
            : "Write the port's number.");
        return null;
    }
}
