namespace Gatehouse.Acme;

/// <summary>What an authority says of itself (RFC 8555 section 7.1.1).</summary>
public sealed record AcmeDirectory
{
    internal AcmeDirectory(Uri newNonce, Uri newAccount, Uri newOrder) => (NewNonce, NewAccount, NewOrder) = (newNonce, newAccount, newOrder);

    /// <summary>The terms that an account agrees to; null: there are none.</summary>
    public Uri? TermsOfService { get; init; }

    /// <summary>The authority's own page.</summary>
    public Uri? Website { get; init; }

    /// <summary>Names of the authority in CAA records that allow it to issue (RFC 8659); empty: it does not say.</summary>
    public IReadOnlyList<string> CaaIdentities { get; init; } = [];

    /// <summary>Whether a new account needs an external account binding.</summary>
    public bool ExternalAccountRequired { get; init; }

    /// <summary>Names of the authority's profiles with their descriptions; empty: it has none.</summary>
    public IReadOnlyDictionary<string, string> Profiles { get; init; } = new Dictionary<string, string>();

    /// <summary>Whether it says when certificates are to be renewed (RFC 9773).</summary>
    public bool HasRenewalInfo => RenewalInfo is not null;

    internal Uri NewNonce { get; }

    internal Uri NewAccount { get; }

    internal Uri NewOrder { get; }

    internal Uri? RevokeCertificate { get; init; }

    internal Uri? KeyChange { get; init; }

    internal Uri? RenewalInfo { get; init; }
}
