using System.Collections.Concurrent;
using Gatehouse.Issuance.Ownership;
using Gatehouse.Persistence;
using Gatehouse.Persistence.Hostnames;

namespace Gatehouse.Issuance;

/// <summary>What people may ask for at once instead of waiting for it. A look asks many questions of several resolvers, so few are under way at a time.</summary>
public sealed class HostnameActions : IDisposable
{
    private const int Parallel = 32;
    private const int PerTenant = 4;

    private readonly HostnameChecks _checks;
    private readonly HostnameChecker _checker;
    private readonly SemaphoreSlim _all = new(Parallel, Parallel);
    private readonly ConcurrentDictionary<Guid, SemaphoreSlim> _tenants = new();

    internal HostnameActions(HostnameChecks checks, HostnameChecker checker) => (_checks, _checker) = (checks, checker);

    /// <summary>Looks at a Hostname's DNS now and tells the ledger.</summary>
    /// <param name="tenantId">Tenant.</param>
    /// <param name="hostname">Name of the Hostname.</param>
    /// <param name="context">Who asks.</param>
    /// <param name="cancellationToken">Ends it.</param>
    public async Task<ClaimOutcome> VerifyAsync(Guid tenantId, string hostname, WriteContext context, CancellationToken cancellationToken = default)
    {
        var own = _tenants.GetOrAdd(tenantId, static _ => new SemaphoreSlim(PerTenant, PerTenant));
        await own.WaitAsync(cancellationToken);
        try
        {
            await _all.WaitAsync(cancellationToken);
            try
            {
                return await _checks.FindAsync(tenantId, hostname, cancellationToken) is { } check ? await _checker.CheckAsync(check, context, cancellationToken) : ClaimOutcome.Missing;
            }
            finally
            {
                _all.Release();
            }
        }
        finally
        {
            own.Release();
        }
    }

    /// <inheritdoc />
    public void Dispose()
    {
        _all.Dispose();
        foreach (var own in _tenants.Values)
            own.Dispose();
    }
}
