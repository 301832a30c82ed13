using Gatehouse.Gateway.Resources;

namespace Gatehouse.Gateway.Compilation.Incremental;

/// <summary>Changes boiled down to the last word on each object, tenant, claim and challenge.</summary>
internal sealed class ChangeBatch
{
    public Dictionary<ResourceKey, Resource?> Resources { get; } = [];

    public Dictionary<string, TenantInfo?> Tenants { get; } = new(StringComparer.Ordinal);

    public Dictionary<(string Hostname, string Tenant), HostnameClaim?> Claims { get; } = [];

    public Dictionary<(string Tenant, string Token), HostnameChallenge?> Challenges { get; } = [];

    public static ChangeBatch Of(IReadOnlyCollection<InputChange> changes, CompilerState state)
    {
        var batch = new ChangeBatch();
        batch.Resources.EnsureCapacity(changes.Count);
        foreach (var change in changes)
            batch.Take(change, state);
        return batch;
    }

    private void Take(InputChange change, CompilerState state)
    {
        switch (change)
        {
            case ResourceUpsert upsert:
                Resources[upsert.Resource.Key] = upsert.Resource;
                break;
            case ResourceRemoval removal:
                Resources[removal.Key] = null;
                break;
            case TenantUpsert upsert:
                Tenants[upsert.Tenant.Name] = upsert.Tenant;
                break;
            case TenantRemoval removal:
                RemoveTenant(removal.Tenant, state);
                break;
            case ClaimUpsert upsert:
                Claims[(upsert.Claim.Hostname, upsert.Claim.Tenant)] = upsert.Claim;
                break;
            case ClaimRemoval removal:
                Claims[(removal.Hostname, removal.Tenant)] = null;
                break;
            case ChallengeUpsert upsert:
                Challenges[(upsert.Challenge.Tenant, upsert.Challenge.Token)] = upsert.Challenge;
                break;
            case ChallengeRemoval removal:
                Challenges[(removal.Tenant, removal.Token)] = null;
                break;
        }
    }

    private void RemoveTenant(string tenant, CompilerState state)
    {
        Tenants[tenant] = null;
        foreach (var key in state.KeysOf(tenant).Concat(Resources.Keys.Where(key => key.Tenant == tenant)).ToArray())
            Resources[key] = null;
        foreach (var claim in state.Claims.OfTenant(tenant))
            Claims[(claim.Hostname, tenant)] = null;
        foreach (var claim in Claims.Keys.Where(claim => claim.Tenant == tenant).ToArray())
            Claims[claim] = null;
        foreach (var challenge in state.Challenges.OfTenant(tenant))
            Challenges[(tenant, challenge.Token)] = null;
        foreach (var challenge in Challenges.Keys.Where(challenge => challenge.Tenant == tenant).ToArray())
            Challenges[challenge] = null;
    }
}
