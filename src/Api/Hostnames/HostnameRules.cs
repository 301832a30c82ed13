using Gatehouse.Api.Errors;
using Gatehouse.Api.Resources;
using Gatehouse.Gateway.Resources;
using Gatehouse.Persistence.Hostnames;
using Gatehouse.Persistence.Issuance;

namespace Gatehouse.Api.Hostnames;

/// <summary>A Hostname lives as long as its claim in the ledger, and its managed certificate no longer than the Hostname.</summary>
internal sealed class HostnameRules(HostnameLedger ledger, HostnameOptions options) : IKindRules
{
    public string Kind => ResourceKind.Hostname;

    /// <summary>Claims again on every write: harmless for a claim that stands, and a claim that was lost is refused.</summary>
    public async Task<Error?> BeforeSaveAsync(PendingWrite write, CancellationToken cancellationToken)
    {
        var outcome = await ledger.ClaimAsync(write.Transaction, write.Entity.Name, cancellationToken);
        if (outcome == ClaimOutcome.Taken)
            return HostnameErrors.Taken;
        if (write.PreviousSpec is null)
            IssuanceRows.Start(write.Transaction, write.Entity);
        else
            await IssuanceRows.WakeAsync(write.Transaction, ConcernedBy(write), cancellationToken);
        return null;
    }

    // Who asks for a certificate of its own may leave one that others share.
    private string[] ConcernedBy(PendingWrite write) =>
        write.PreviousSpec is HostnameSpec before && write.Spec is HostnameSpec now && before.Certificate != now.Certificate && BaseDomain.WildcardOf(write.Entity.Name, options.BaseDomain) is { } wildcard
            ? [write.Entity.Name, wildcard]
            : [write.Entity.Name];

    public async Task<Error?> BeforeDeleteAsync(PendingWrite write, CancellationToken cancellationToken)
    {
        var hostname = write.Entity.Name;
        await HostnameLedger.ReleaseAsync(write.Transaction, hostname, cancellationToken);
        await IssuanceRows.EndAsync(write.Transaction, hostname, BaseDomain.WildcardOf(hostname, options.BaseDomain), cancellationToken);
        return null;
    }
}
