using Gatehouse.Gateway.Resources;
using Gatehouse.Gateway.Validation.Reading;

namespace Gatehouse.Gateway.Validation.Kinds;

/// <summary>Identities that a backend's certificate may have (https://gateway-api.sigs.k8s.io/reference/spec/#subjectaltname).</summary>
internal static class SubjectAltNames
{
    private static readonly TextChoice Types = new("Hostname", "URI");

    public static IReadOnlyList<SubjectAltName>? Read(ObjectReader parent) => parent.List("subjectAltNames", Count.AtMost(5), ReadOne);

    /// <summary>"SubjectAltName element must contain …".</summary>
    private static SubjectAltName ReadOne(ObjectReader reader)
    {
        var name = new SubjectAltName
        {
            Type = reader.RequiredText("type", Types),
            Hostname = reader.Text("hostname", Formats.Hostname),
            Uri = reader.Text("uri", Formats.Uri),
        };
        if (!Types.Contains(name.Type))
            return name;
        reader.RequirePayload("type", name.Type, "Hostname", "hostname");
        reader.RequirePayload("type", name.Type, "URI", "uri");
        return name;
    }
}
