using Gatehouse.Issuance.Ownership;
using Gatehouse.Persistence;
using Gatehouse.Persistence.Hostnames;

namespace Gatehouse.Issuance;

/// <summary>What people may ask for at once instead of waiting for it.</summary>
public sealed class HostnameActions
{
    private readonly HostnameChecks _checks;
    private readonly HostnameChecker _checker;

    internal HostnameActions(HostnameChecks checks, HostnameChecker checker) => (_checks, _checker) = (checks, checker);

    /// <summary>Looks at a Hostname's DNS now and tells the ledger.</summary>
    /// <param name="tenantId">Tenant.</param>
    /// <param name="hostname">Name of the Hostname.</param>
    /// <param name="context">Who asks.</param>
    /// <param name="cancellationToken">Ends it.</param>
    public async Task<ClaimOutcome> VerifyAsync(Guid tenantId, string hostname, WriteContext context, CancellationToken cancellationToken = default) =>
        await _checks.FindAsync(tenantId, hostname, cancellationToken) is { } check ? await _checker.CheckAsync(check, context, cancellationToken) : ClaimOutcome.Missing;
}
