namespace Gatehouse.Standalone.Checks;

/// <summary>Says which conditions are bad.</summary>
internal static class Judgement
{
    /// <summary>Must be True: not to know it is as bad as to know that it is not so.</summary>
    private static readonly HashSet<string> Needed =
    [
        "Accepted", "ResolvedRefs", "Programmed", "Live", "Projected", "Healthy", "Issued", "Verified", "Compiled",
        "Reachable", "GatewayApi", "Synced",
    ];

    /// <summary>Must not be True.</summary>
    private static readonly HashSet<string> Unwanted = ["Held"];

    /// <summary>Worth knowing when they are True.</summary>
    private static readonly HashSet<string> Remarks = ["PartiallyInvalid", "Shadowed", "NoWeight", "Conflicted", "OverlappingTLSConfig", "UnsupportedFields", "DualRunning", "ExpiresSoon"];

    /// <summary>Worth knowing when they are False.</summary>
    private static readonly HashSet<string> Wishes = ["CertificateReady"];

    /// <summary>How much a condition matters.</summary>
    public static Severity Of(CheckedCondition condition) => condition.Type switch
    {
        // Clusters cannot say whether Backends are well, however long one waits.
        "Healthy" when condition is { Status: "Unknown", Reason: "NotProbed" } => Severity.None,
        // Plain HTTP may be all that is wanted.
        "CertificateReady" when condition.Reason == "NoCertificate" => Severity.None,
        var type when Needed.Contains(type) => condition.Status == "True" ? Severity.None : Severity.Bad,
        var type when Unwanted.Contains(type) => condition.Status == "True" ? Severity.Bad : Severity.None,
        var type when Remarks.Contains(type) => condition.Status == "True" ? Severity.Warning : Severity.None,
        var type when Wishes.Contains(type) => condition.Status == "False" ? Severity.Warning : Severity.None,
        _ => Severity.None,
    };

    /// <summary>Everything that is not well, by kind, tenant and name.</summary>
    public static IReadOnlyList<Finding> Of(IEnumerable<CheckedObject> objects) =>
    [
        .. objects.OrderBy(static item => item.Kind, StringComparer.Ordinal).ThenBy(static item => item.Tenant, StringComparer.Ordinal).ThenBy(static item => item.Name, StringComparer.Ordinal)
            .SelectMany(static item => item.Conditions.Select(condition => new Finding(item, condition, Of(condition))))
            .Where(static finding => finding.Severity != Severity.None),
    ];
}

/// <summary>A condition that is not well.</summary>
/// <param name="Object">Whose.</param>
/// <param name="Condition">Condition.</param>
/// <param name="Severity">How much it matters.</param>
internal sealed record Finding(CheckedObject Object, CheckedCondition Condition, Severity Severity);
