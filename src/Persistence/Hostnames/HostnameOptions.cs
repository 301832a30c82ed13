namespace Gatehouse.Persistence.Hostnames;

/// <summary>How the ledger decides.</summary>
public sealed record HostnameOptions
{
    /// <summary>Whether a name must be proven or approved (<c>required</c>), or a free name is its claimant's at once (<c>off</c>).</summary>
    public bool VerificationRequired { get; init; } = true;

    /// <summary>Names below <c>{tenant}.{BaseDomain}</c> need no proof; null: no such names.</summary>
    public string? BaseDomain { get; init; }

    /// <summary>How long a released name is not given to another tenant without an approval.</summary>
    public TimeSpan Quarantine { get; init; } = TimeSpan.FromDays(7);
}
