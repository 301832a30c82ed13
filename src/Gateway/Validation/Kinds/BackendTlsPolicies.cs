using Gatehouse.Gateway.Resources;
using Gatehouse.Gateway.Validation.Reading;

namespace Gatehouse.Gateway.Validation.Kinds;

/// <summary>BackendTLSPolicy (https://gateway-api.sigs.k8s.io/reference/spec/#backendtlspolicyspec).</summary>
internal static class BackendTlsPolicies
{
    private const string Targets = "targetRefs";

    /// <summary>WellKnownCACertificatesType: an implementation may define its own; whether we know it is for conditions to say.</summary>
    private static readonly TextFormat WellKnown = new(1, 253, $@"\A(System|{NameFormat.SubdomainPattern}/([A-Za-z0-9][-A-Za-z0-9_.]{{0,61}})?[A-Za-z0-9])\z",
        "System, or an implementation's own value such as 'example.com/internal'");

    public static BackendTlsPolicySpec Read(ObjectReader spec)
    {
        var policy = new BackendTlsPolicySpec
        {
            TargetRefs = spec.RequiredList(Targets, new Count(1, 16), ReadTarget),
            Validation = spec.RequiredObject("validation", ReadValidation),
            Options = spec.TextMap("options", Count.AtMost(16), TextFormat.Any, Formats.LongText),
        };
        for (var i = 1; i < policy.TargetRefs.Count; i++)
            RequireDistinct(spec, policy.TargetRefs, i);
        return policy;
    }

    /// <summary>https://gateway-api.sigs.k8s.io/reference/spec/#localpolicytargetreferencewithsectionname</summary>
    private static PolicyTargetReference ReadTarget(ObjectReader target) => new()
    {
        Group = target.RequiredText("group", Formats.Group),
        Kind = target.RequiredText("kind", Formats.Kind),
        Name = target.RequiredText("name", Formats.ObjectName),
        SectionName = target.Text("sectionName", Formats.SectionName),
    };

    private static BackendTlsPolicyValidation ReadValidation(ObjectReader reader)
    {
        var validation = new BackendTlsPolicyValidation
        {
            CaCertificateRefs = CaReferences.Read(reader),
            WellKnownCaCertificates = reader.Text("wellKnownCACertificates", WellKnown),
            Hostname = reader.RequiredText("hostname", Formats.PreciseHostname),
            SubjectAltNames = SubjectAltNames.Read(reader),
        };
        CaReferences.RefuseBoth(reader, validation.CaCertificateRefs);
        CaReferences.RequireOne(reader, validation.CaCertificateRefs);
        return validation;
    }

    /// <summary>"sectionName must be specified / unique when targetRefs includes 2 or more references to the same target".</summary>
    private static void RequireDistinct(ObjectReader spec, IReadOnlyList<PolicyTargetReference> targets, int index)
    {
        var target = targets[index];
        for (var i = 0; i < index && target.Name.Length > 0; i++)
        {
            var other = targets[i];
            if (target with { SectionName = null } != other with { SectionName = null })
                continue;
            if (target.SectionName is null != other.SectionName is null)
                spec.Report(ErrorCodes.Conflict, $"References the target of /{Targets}/{i}: both must set sectionName.", Targets, index);
            else if (target.SectionName == other.SectionName)
                spec.Report(ErrorCodes.Duplicate, $"Is the same as /{Targets}/{i}: remove it, or give it another sectionName.", Targets, index);
            else
                continue;
            return;
        }
    }
}
