using Gatehouse.Persistence.Audit;
using Microsoft.EntityFrameworkCore;

namespace Gatehouse.Persistence.Hostnames;

/// <summary>What the ledger answers.</summary>
public enum ClaimOutcome
{
    /// <summary>The name is the tenant's.</summary>
    Verified,

    /// <summary>Stored; serves once it is proven or approved.</summary>
    Pending,

    /// <summary>Another tenant holds the name, or it lies below another tenant's own part of the base domain. Nothing was stored.</summary>
    Taken,

    /// <summary>The tenant has no such claim.</summary>
    Missing,
}

/// <summary>
/// Arbitrates all hostname claims between tenants. Decisions run one after another under a lock, in the caller's transaction, in
/// database functions that see all claims; the caller learns the outcome and never whose claim is in the way (docs/decisions/0007).
/// </summary>
public sealed class HostnameLedger(HostnameOptions options)
{
    /// <summary>Claims a name (exact or <c>*.</c>, lower case) for the transaction's tenant; repeating it is harmless.</summary>
    public async Task<ClaimOutcome> ClaimAsync(WriteTransaction transaction, string hostname, CancellationToken cancellationToken = default)
    {
        var ownership = await OwnershipAsync(transaction, hostname, cancellationToken);
        if (ownership == BaseDomainOwnership.Foreign)
            return ClaimOutcome.Taken;
        var own = ownership == BaseDomainOwnership.Own;
        var verify = own || (!options.VerificationRequired && ownership == BaseDomainOwnership.Outside);
        var id = Guid.CreateVersion7(transaction.Now);
        return await DecideAsync(
            transaction,
            $"SELECT claim_hostname({id}, {hostname}, {verify}, {own}, {transaction.Now}, {options.Quarantine}) AS \"Value\"",
            AuditVerb.Update,
            hostname,
            cancellationToken);
    }

    /// <summary>Approves the transaction's tenant's claim: the first approval wins, the others' pending claims are lost.</summary>
    public static Task<ClaimOutcome> ApproveAsync(WriteTransaction transaction, string hostname, CancellationToken cancellationToken = default) =>
        DecideAsync(transaction, $"SELECT approve_hostname({hostname}, {transaction.Now}) AS \"Value\"", AuditVerb.Approve, hostname, cancellationToken);

    /// <summary>Gives a name up; a verified one goes into quarantine. False: there was no claim.</summary>
    public static async Task<bool> ReleaseAsync(WriteTransaction transaction, string hostname, CancellationToken cancellationToken = default)
    {
        var released = await transaction.Db.HostnameClaims.Where(claim => claim.Hostname == hostname).ExecuteDeleteAsync(cancellationToken);
        if (released > 0)
            transaction.Record(new AuditRecord(AuditVerb.Delete, HostnameClaimEntity.Kind, hostname, null, null));
        return released > 0;
    }

    private static async Task<ClaimOutcome> DecideAsync(
        WriteTransaction transaction, FormattableString query, string verb, string hostname, CancellationToken cancellationToken)
    {
        var answers = await transaction.Db.Database.SqlQuery<string>(query).ToListAsync(cancellationToken);
        var (outcome, changed) = Parse(answers[0]);
        if (changed)
            transaction.Record(new AuditRecord(verb, HostnameClaimEntity.Kind, hostname, null, $$"""{"state":"{{outcome}}"}"""));
        return outcome;
    }

    /// <summary>The functions answer with the outcome, and a <c>+</c> after it if the ledger changed.</summary>
    private static (ClaimOutcome Outcome, bool Changed) Parse(string answer) =>
        (Enum.Parse<ClaimOutcome>(answer.TrimEnd('+')), answer.EndsWith('+'));

    private async Task<BaseDomainOwnership> OwnershipAsync(WriteTransaction transaction, string hostname, CancellationToken cancellationToken)
    {
        if (BaseDomain.TenantLabelOf(hostname, options.BaseDomain) is not { } label)
            return BaseDomainOwnership.Outside;
        if (label.Length == 0)
            return BaseDomainOwnership.Unassigned;
        var owner = await transaction.Db.Tenants.Where(tenant => tenant.Name == label).Select(tenant => (Guid?)tenant.Id).FirstOrDefaultAsync(cancellationToken);
        if (owner is null)
            return BaseDomainOwnership.Unassigned;
        return owner == transaction.TenantId ? BaseDomainOwnership.Own : BaseDomainOwnership.Foreign;
    }

    private enum BaseDomainOwnership
    {
        /// <summary>Not below the base domain.</summary>
        Outside,

        /// <summary>The claimant's own part.</summary>
        Own,

        /// <summary>Another tenant's part.</summary>
        Foreign,

        /// <summary>The base domain itself, or a part that is no tenant's: never verified without an approval.</summary>
        Unassigned,
    }
}
