using Gatehouse.Gateway.Resources;
using Gatehouse.Gateway.Validation.Reading;

namespace Gatehouse.Gateway.Validation.Kinds;

/// <summary>ReferenceGrant (https://gateway-api.sigs.k8s.io/reference/spec/#referencegrantspec).</summary>
internal static class ReferenceGrants
{
    private static readonly Count OneTo16 = new(1, 16);

    public static ReferenceGrantSpec Read(ObjectReader spec) => new()
    {
        From = spec.RequiredList("from", OneTo16, from => new ReferenceGrantFrom(
            from.RequiredText("group", Formats.Group),
            from.RequiredText("kind", Formats.Kind),
            from.RequiredText("namespace", Formats.Namespace))),
        To = spec.RequiredList("to", OneTo16, to => new ReferenceGrantTo(
            to.RequiredText("group", Formats.Group),
            to.RequiredText("kind", Formats.Kind),
            to.Text("name", Formats.ObjectName))),
    };
}
