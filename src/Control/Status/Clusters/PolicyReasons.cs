namespace Gatehouse.Control.Status.Clusters;

using Entry = KeyValuePair<(Subject Subject, string Type, string Reason), Explanation>;

/// <summary>Reasons of BackendTLSPolicies at one ancestor (https://gateway-api.sigs.k8s.io/reference/spec/#policyconditionreason).</summary>
internal static class PolicyReasons
{
    public static IEnumerable<Entry> All { get; } =
    [
        Policy("Accepted", "Accepted", "The controller applies the policy."),
        Policy("Accepted", "Conflicted", "Another policy of the same kind is older and applies to the same target.", "The owner of one of them must remove it, or change its targetRefs."),
        Policy("Accepted", "Invalid", "The policy is not valid for this controller.", "The policy's owner must change what the controller names; until then requests to the backend fail."),
        Policy("Accepted", "TargetNotFound", "The Service that the policy is for does not exist in the cluster.", "The policy's owner must correct targetRefs, or create the Service in the tenant's Namespace."),
        Policy("Accepted", "NoValidCACertificate", "None of the CA certificates that the policy names can be used, so requests to the backend fail.", "The policy's owner must correct validation.caCertificateRefs, or what they name."),
        Policy("ResolvedRefs", "ResolvedRefs", "All CA certificates of the policy were found."),
        Policy("ResolvedRefs", "InvalidCACertificateRef", "A CA certificate that the policy names is missing or unusable.", "The policy's owner must correct validation.caCertificateRefs, or the ConfigMap that they name."),
        Policy("ResolvedRefs", "InvalidKind", "The controller cannot take CA certificates from the kind of object that the policy names.", "The policy's owner must name a ConfigMap with `ca.crt` in validation.caCertificateRefs."),
    ];

    private static Entry Policy(string type, string reason, string meaning, string nextStep = "") => new((Subject.Policy, type, reason), new Explanation(meaning, nextStep));
}
