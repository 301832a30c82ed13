using Gatehouse.Portal.Conditions;

namespace Gatehouse.Portal.Hostnames;

/// <summary>One step from a claim to traffic.</summary>
/// <param name="Name">What it is about.</param>
/// <param name="Signal">How it stands.</param>
/// <param name="Text">The same in a few words.</param>
internal sealed record HostnameStep(string Name, Signal Signal, string Text);

/// <summary>The steps of a Hostname, in the order in which they are reached.</summary>
internal static class HostnameSteps
{
    public static IReadOnlyList<HostnameStep> Of(ApiResource hostname)
    {
        var verified = ConditionView.Of(hostname, "Verified");
        var live = ConditionView.Of(hostname, "Live");
        return
        [
            new("Claimed", Signal.Good, "The name is reserved for this tenant."),
            Verified(hostname, verified),
            Certificate(hostname, verified.Signal == Signal.Good),
            verified.Signal != Signal.Good ? new("Live", Signal.Waiting, "Waits for the steps before.") : new("Live", live.Signal, live.Signal == Signal.Good ? "Requests are served." : live.Signal == Signal.Bad ? "Not served: see below." : "Waits for the steps before."),
        ];
    }

    private static HostnameStep Verified(ApiResource hostname, ConditionView verified)
    {
        const string name = "Verified";
        if (verified.Signal != Signal.Good)
            return new(name, verified.Signal, verified.Reason == "Lost" ? "Another tenant has it." : "Waits for a DNS record.");
        return hostname.Status?.Dns is { SuspendedAfter: not null }
            ? new(name, Signal.Partial, "Its proof is gone: see below.")
            : new(name, Signal.Good, ProofText(hostname.Status?.Dns?.Proof));
    }

    private static HostnameStep Certificate(ApiResource hostname, bool isVerified)
    {
        const string name = "Certificate";
        var ready = ConditionView.Of(hostname, "CertificateReady");
        if (ready.Signal == Signal.Good)
            return new(name, Signal.Good, hostname.Status?.Issuance?.State == "External" ? "Issued in the cluster." : "HTTPS is served.");
        return hostname.Status?.Issuance?.State switch
        {
            "Issuing" or "Renewing" => new(name, Signal.Waiting, "Being issued."),
            "Retrying" => new(name, Signal.Partial, "Failed; it is tried again."),
            "Stopped" => new(name, Signal.Bad, "Stopped: somebody must act."),
            "Off" => new(name, Signal.Partial, "None: plain HTTP only."),
            _ when !isVerified => new(name, Signal.Waiting, "Waits for the proof."),
            _ => new(name, Signal.Waiting, "Not there yet."),
        };
    }

    private static string ProofText(string? proof) => proof switch
    {
        "Txt" => "Proven by a TXT record.",
        "Cname" => "Proven by its CNAME record.",
        "Domain" => "Proven for its whole domain.",
        "Approval" => "Approved by a platform admin.",
        "BaseDomain" => "Below your part of the base domain.",
        _ => "No proof is asked for.",
    };
}
