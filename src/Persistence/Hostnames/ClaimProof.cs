namespace Gatehouse.Persistence.Hostnames;

/// <summary>How a claim was verified. Only the first three can be lost again.</summary>
public enum ClaimProof
{
    /// <summary>A TXT record of the name's own.</summary>
    Txt,

    /// <summary>The name's CNAME leads to a name that is the tenant's alone.</summary>
    Cname,

    /// <summary>A TXT record of a zone above.</summary>
    Domain,

    /// <summary>A platform admin approved it.</summary>
    Approval,

    /// <summary>It lies in the tenant's part of the base domain.</summary>
    BaseDomain,

    /// <summary>No proof was asked for.</summary>
    NotRequired,
}
