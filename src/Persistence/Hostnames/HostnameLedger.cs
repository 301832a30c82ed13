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

    /// <summary>It was proven, but another tenant released the name a short while ago: only the claim's own TXT record counts now.</summary>
    Quarantined,

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

    /// <summary>Notes a proof that was seen in DNS for the transaction's tenant's claim: the first proof wins, the others' pending claims on that name are lost.</summary>
    /// <param name="transaction">Where it happens.</param>
    /// <param name="hostname">The claimed name.</param>
    /// <param name="proof">Txt, Cname or Domain.</param>
    /// <param name="cancellationToken">Ends it.</param>
    public async Task<ClaimOutcome> ProveAsync(WriteTransaction transaction, string hostname, ClaimProof proof, CancellationToken cancellationToken = default)
    {
        // Nobody's records decide in the base domain: it is the platform's.
        if (await OwnershipAsync(transaction, hostname, cancellationToken) != BaseDomainOwnership.Outside)
            return await ClaimAsync(transaction, hostname, cancellationToken);
        return await DecideAsync(
            transaction, $"SELECT prove_hostname({hostname}, {proof.ToString()}, {transaction.Now}, {options.Quarantine}) AS \"Value\"", "verify", hostname, cancellationToken);
    }

    /// <summary>Takes a verified name out of service whose proof is gone for good.</summary>
    public static Task<ClaimOutcome> SuspendAsync(WriteTransaction transaction, string hostname, CancellationToken cancellationToken = default) =>
        DecideAsync(transaction, $"SELECT suspend_hostname({hostname}) AS \"Value\"", "suspend", hostname, cancellationToken);

    /// <summary>Ends the quarantines whose time is over, as changes of the transaction's tenant.</summary>
    public async Task EndQuarantinesAsync(WriteTransaction transaction, CancellationToken cancellationToken = default)
    {
        foreach (var name in await transaction.Db.Database.SqlQuery<string>($"SELECT end_quarantines({transaction.Now}, {options.Quarantine}) AS \"Value\"").ToListAsync(cancellationToken))
            transaction.Record(new AuditRecord(AuditVerb.Delete, HostnameClaimEntity.QuarantineKind, name, null, null));
    }

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
