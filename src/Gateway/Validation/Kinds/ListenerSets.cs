using Gatehouse.Gateway.Resources;
using Gatehouse.Gateway.Validation.Reading;

namespace Gatehouse.Gateway.Validation.Kinds;

/// <summary>ListenerSet (https://gateway-api.sigs.k8s.io/reference/spec/#listenersetspec).</summary>
internal static class ListenerSets
{
    public static ListenerSetSpec Read(ObjectReader spec) => new()
    {
        ParentRef = spec.RequiredObject("parentRef", ReadParent),
        Listeners = Listeners.ReadList(spec),
    };

    /// <summary>ParentGatewayReference: a Gateway as a whole, so without sectionName and port.</summary>
    private static ParentReference ReadParent(ObjectReader parent) => new()
    {
        Group = parent.Text("group", Formats.Group),
        Kind = parent.Text("kind", Formats.Kind),
        Name = parent.RequiredText("name", Formats.ObjectName),
        Namespace = parent.Text("namespace", Formats.Namespace),
    };
}
