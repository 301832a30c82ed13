using Gatehouse.Gateway.Status;

namespace Gatehouse.Control.Status;

/// <summary>A derived condition before it gets its type and generation.</summary>
/// <param name="Status">True, False or Unknown.</param>
/// <param name="Reason">Reason.</param>
/// <param name="Message">Message.</param>
/// <param name="Final">Whether it stays False until somebody writes something: waiting for it is pointless.</param>
internal sealed record Verdict(string Status, string Reason, string Message, bool Final = false)
{
    public bool IsTrue => Status == "True";

    public static Verdict True(string reason, string message) => new("True", reason, message);

    public static Verdict False(string reason, string message, bool final = false) => new("False", reason, message, final);

    public static Verdict Unknown(string reason, string message) => new("Unknown", reason, message);

    /// <summary>
    /// What holds of several that must all be good: False for good, then False, then Unknown; where all are True, all of them together, under
    /// the first of the given reasons that one of them has.
    /// </summary>
    public static Verdict Worst(IEnumerable<Verdict> verdicts, params ReadOnlySpan<string> reasons)
    {
        var all = verdicts.ToList();
        var worst = all.Find(verdict => verdict is { Status: "False", Final: true }) ?? all.Find(verdict => verdict.Status == "False") ?? all.Find(verdict => !verdict.IsTrue);
        if (worst is not null)
            return worst;
        var reason = all[0].Reason;
        foreach (var candidate in reasons)
        {
            if (all.Exists(verdict => verdict.Reason == candidate))
            {
                reason = candidate;
                break;
            }
        }

        return True(reason, string.Join(" ", all.Select(verdict => verdict.Message).Distinct()));
    }

    public Condition As(string type, long generation) => new(type, Status, Reason, Message, generation);
}

/// <summary>Types of the summary conditions.</summary>
public static class ConditionType
{
    /// <summary>The object is valid and attached.</summary>
    public const string Accepted = "Accepted";

    /// <summary>All references lead somewhere they may.</summary>
    public const string ResolvedRefs = "ResolvedRefs";

    /// <summary>Everything that it becomes is in its clusters; only of objects that concern a cluster.</summary>
    public const string Projected = "Projected";

    /// <summary>True where others serve its hostnames in a cluster too; otherwise it is not there.</summary>
    public const string DualRunning = "DualRunning";

    /// <summary>All connected data planes of the pool applied it; in clusters, the controllers say so.</summary>
    public const string Programmed = "Programmed";

    /// <summary>It serves: sockets bound, at least one healthy endpoint.</summary>
    public const string Live = "Live";

    /// <summary>False where the compiler failed on the object.</summary>
    public const string Compiled = "Compiled";

    /// <summary>Hostname: the claim is proven.</summary>
    public const string Verified = "Verified";

    /// <summary>Hostname: its certificate is loaded.</summary>
    public const string CertificateReady = "CertificateReady";

    /// <summary>Certificate: it and its private key are there, and it is valid at this moment.</summary>
    public const string Issued = "Issued";

    /// <summary>Certificate, and Hostname that shows one: True as its end comes near; otherwise it is not there.</summary>
    public const string ExpiresSoon = "ExpiresSoon";

    /// <summary>Backend: all data planes reach at least one endpoint.</summary>
    public const string Healthy = "Healthy";
}

/// <summary>Reasons of conditions that others act on.</summary>
public static class ConditionReason
{
    /// <summary>CertificateReady: the cluster's cert-manager issues the certificate, so none is issued here.</summary>
    public const string IssuedInCluster = "IssuedInCluster";
}
