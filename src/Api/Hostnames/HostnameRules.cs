using Gatehouse.Api.Errors;
using Gatehouse.Api.Resources;
using Gatehouse.Gateway.Resources;
using Gatehouse.Persistence.Hostnames;

namespace Gatehouse.Api.Hostnames;

/// <summary>A Hostname lives as long as its claim in the ledger.</summary>
internal sealed class HostnameRules(HostnameLedger ledger) : IKindRules
{
    public string Kind => ResourceKind.Hostname;

    /// <summary>Claims again on every write: harmless for a claim that stands, and a claim that was lost is refused.</summary>
    public async Task<Error?> BeforeSaveAsync(PendingWrite write, CancellationToken cancellationToken)
    {
        var outcome = await ledger.ClaimAsync(write.Transaction, write.Entity.Name, cancellationToken);
        return outcome == ClaimOutcome.Taken ? HostnameErrors.Taken : null;
    }

    public async Task<Error?> BeforeDeleteAsync(PendingWrite write, CancellationToken cancellationToken)
    {
        await HostnameLedger.ReleaseAsync(write.Transaction, write.Entity.Name, cancellationToken);
        return null;
    }
}
