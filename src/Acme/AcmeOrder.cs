namespace Gatehouse.Acme;

/// <summary>How far an order is (RFC 8555 section 7.1.6).</summary>
public enum AcmeOrderStatus
{
    /// <summary>Authorizations are to be fulfilled.</summary>
    Pending,

    /// <summary>All authorizations are valid: it can be finalized.</summary>
    Ready,

    /// <summary>The certificate is being issued.</summary>
    Processing,

    /// <summary>The certificate can be downloaded.</summary>
    Valid,

    /// <summary>It failed, expired or was abandoned.</summary>
    Invalid,
}

/// <summary>An order for a certificate (RFC 8555 section 7.1.3).</summary>
/// <param name="Url">Where it is read.</param>
/// <param name="Status">How far it is.</param>
public sealed record AcmeOrder(Uri Url, AcmeOrderStatus Status)
{
    /// <summary>Names that the certificate will have.</summary>
    public required IReadOnlyList<string> Names { get; init; }

    /// <summary>Its authorizations; some may be valid already.</summary>
    public required IReadOnlyList<Uri> Authorizations { get; init; }

    /// <summary>Where it is finalized.</summary>
    public required Uri Finalize { get; init; }

    /// <summary>Where the certificate is; null: there is none yet.</summary>
    public Uri? Certificate { get; init; }

    /// <summary>Why it is invalid.</summary>
    public AcmeProblem? Error { get; init; }

    /// <summary>When the authority gives it up.</summary>
    public DateTimeOffset? Expires { get; init; }
}
