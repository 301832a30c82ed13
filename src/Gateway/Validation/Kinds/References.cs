using Gatehouse.Gateway.Resources;
using Gatehouse.Gateway.Validation.Reading;

namespace Gatehouse.Gateway.Validation.Kinds;

/// <summary>References to other objects. Whether the referent exists, or is of a kind that anybody serves, is for conditions to say.</summary>
internal static class References
{
    public const int MinPort = 1;
    public const int MaxPort = 65535;

    /// <summary>https://gateway-api.sigs.k8s.io/reference/spec/#localobjectreference</summary>
    public static LocalObjectReference Local(ObjectReader reference) => new(
        reference.RequiredText("group", Formats.Group),
        reference.RequiredText("kind", Formats.Kind),
        reference.RequiredText("name", Formats.ObjectName));

    /// <summary>https://gateway-api.sigs.k8s.io/reference/spec/#secretobjectreference</summary>
    public static SecretObjectReference Secret(ObjectReader reference) => new()
    {
        Group = reference.Text("group", Formats.Group),
        Kind = reference.Text("kind", Formats.Kind),
        Name = reference.RequiredText("name", Formats.ObjectName),
        Namespace = reference.Text("namespace", Formats.Namespace),
    };

    /// <summary>https://gateway-api.sigs.k8s.io/reference/spec/#objectreference: unlike a Secret's, group and kind are required.</summary>
    public static SecretObjectReference Any(ObjectReader reference) => new()
    {
        Group = reference.RequiredText("group", Formats.Group),
        Kind = reference.RequiredText("kind", Formats.Kind),
        Name = reference.RequiredText("name", Formats.ObjectName),
        Namespace = reference.Text("namespace", Formats.Namespace),
    };

    /// <summary>https://gateway-api.sigs.k8s.io/reference/spec/#parametersreference</summary>
    public static ParametersReference Parameters(ObjectReader reference) => new(
        reference.RequiredText("group", Formats.Group),
        reference.RequiredText("kind", Formats.Kind),
        reference.RequiredText("name", Formats.ObjectName),
        reference.Text("namespace", Formats.Namespace));

    /// <summary>https://gateway-api.sigs.k8s.io/reference/spec/#backendobjectreference</summary>
    public static BackendObjectReference Backend(ObjectReader reference)
    {
        var backend = new BackendObjectReference
        {
            Group = reference.Text("group", Formats.Group),
            Kind = reference.Text("kind", Formats.Kind),
            Name = reference.RequiredText("name", Formats.ObjectName),
            Namespace = reference.Text("namespace", Formats.Namespace),
            Port = reference.Integer("port", MinPort, MaxPort),
        };
        RequirePort(reference, backend);
        return backend;
    }

    /// <summary>https://gateway-api.sigs.k8s.io/reference/spec/#backendref</summary>
    public static BackendRef WeightedBackend(ObjectReader reference)
    {
        var backend = new BackendRef
        {
            Group = reference.Text("group", Formats.Group),
            Kind = reference.Text("kind", Formats.Kind),
            Name = reference.RequiredText("name", Formats.ObjectName),
            Namespace = reference.Text("namespace", Formats.Namespace),
            Port = reference.Integer("port", MinPort, MaxPort),
            Weight = Weight(reference),
        };
        RequirePort(reference, backend);
        return backend;
    }

    public static int? Weight(ObjectReader reference) => reference.Integer("weight", 0, 1_000_000);

    /// <summary>
    /// "Must have port for Service reference" (https://gateway-api.sigs.k8s.io/reference/spec/#backendobjectreference). Without a kind
    /// the reference may mean a Backend, which needs none: that a Service of that name then lacks a port is for conditions to say.
    /// </summary>
    public static void RequirePort(ObjectReader reference, BackendObjectReference backend)
    {
        if (backend.Kind == ResourceKind.Service && string.IsNullOrEmpty(backend.Group) && backend.Port is null && !reference.IsSet("port"))
            reference.Report(ErrorCodes.Required, "A reference to a Service needs its port.", "port");
    }
}
