using Gatehouse.Issuance.Leasing;
using Gatehouse.Persistence.Hostnames;
using Gatehouse.Persistence.PrivateKeys;

namespace Gatehouse.Issuance.Certificates;

/// <summary>How far the certificate of one Hostname is; a copy with other values is what is noted next.</summary>
internal sealed record IssuanceState
{
    public const string Waiting = "Waiting";
    public const string Issuing = "Issuing";
    public const string Issued = "Issued";
    public const string Renewing = "Renewing";
    public const string Retrying = "Retrying";
    public const string Stopped = "Stopped";
    public const string Uploaded = "Uploaded";

    /// <summary>Another Hostname of the tenant has the certificate that it shares in hand.</summary>
    public const string Shared = "Shared";
    public const string External = "External";
    public const string Off = "Off";

    public required LeasedRow Row { get; init; }

    /// <summary>The name that the certificate is for, if it is not the Hostname's own: a wildcard that several share.</summary>
    public string? SharedName { get; init; }

    /// <summary>The name that the certificate is for.</summary>
    public string Subject => SharedName ?? Row.Hostname;

    /// <summary>How the claim was proven.</summary>
    public ClaimProof? Proof { get; init; }

    /// <summary>Id of the Hostname's claim.</summary>
    public required Guid ClaimId { get; init; }

    /// <summary>Number of the lease: who has an older one notes nothing more.</summary>
    public required long Epoch { get; init; }

    /// <summary>When it was due as it was taken in hand.</summary>
    public DateTimeOffset DueAt { get; init; }

    public required string State { get; init; }

    public string? Step { get; init; }

    /// <summary>The authority that is asked, or that was asked last.</summary>
    public string? Issuer { get; init; }

    public Uri? Order { get; init; }

    public long KeyVersion { get; init; }

    /// <summary>The encrypted private key of the order.</summary>
    public SealedKey? Key { get; init; }

    public int Failures { get; init; }

    /// <summary>JSON array of problems.</summary>
    public string? Problems { get; init; }

    /// <summary>Generation of the Hostname that was acted on last.</summary>
    public long Generation { get; init; }

    public DateTimeOffset? NotAfter { get; init; }

    public DateTimeOffset? RenewAt { get; init; }

    public string? RenewBecause { get; init; }

    /// <summary>Nothing of an order is left.</summary>
    public IssuanceState WithoutOrder() => this with { Order = null, Key = null, Step = null };
}

/// <summary>Another process has the row in hand by now.</summary>
internal sealed class LeaseLostException : Exception
{
    public LeaseLostException()
        : base("The lease was lost.")
    {
    }
}
