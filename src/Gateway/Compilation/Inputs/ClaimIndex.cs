using Gatehouse.Gateway.Compilation.Attach;
using Gatehouse.Gateway.Resources;

namespace Gatehouse.Gateway.Compilation.Inputs;

/// <summary>The ledger's claims, by name.</summary>
internal sealed class ClaimIndex
{
    private readonly Dictionary<string, HostnameClaim[]> _byName = new(StringComparer.Ordinal);

    /// <summary>Enters a claim; false: it was there just so.</summary>
    public bool Set(HostnameClaim claim)
    {
        var claims = _byName.GetValueOrDefault(claim.Hostname, []);
        if (claims.Contains(claim))
            return false;
        _byName[claim.Hostname] = [.. claims.Where(other => other.Tenant != claim.Tenant), claim];
        return true;
    }

    public bool Remove(string hostname, string tenant)
    {
        if (!_byName.TryGetValue(hostname, out var claims) || claims.All(claim => claim.Tenant != tenant))
            return false;
        if (claims.Length == 1)
            _byName.Remove(hostname);
        else
            _byName[hostname] = [.. claims.Where(claim => claim.Tenant != tenant)];
        return true;
    }

    /// <summary>State of a tenant's own claim on exactly this name.</summary>
    public ClaimState? StateOf(string hostname, string tenant)
    {
        foreach (var claim in _byName.GetValueOrDefault(hostname, []))
        {
            if (claim.Tenant == tenant)
                return claim.State;
        }
        return null;
    }

    /// <summary>Who holds the most specific verified claim that covers a name; null: nobody.</summary>
    public string? OwnerOf(string hostname)
    {
        if (hostname == HostnameSet.Any)
            return null;
        if (VerifiedOwner(hostname) is { } owner)
            return owner;
        var suffix = HostnameSet.IsWildcard(hostname) ? hostname[2..] : hostname;
        for (var dot = suffix.IndexOf('.', StringComparison.Ordinal); dot >= 0; dot = suffix.IndexOf('.', dot + 1))
        {
            if (VerifiedOwner($"*{suffix.AsSpan(dot)}") is { } above)
                return above;
        }
        return null;
    }

    public IEnumerable<HostnameClaim> OfTenant(string tenant) =>
        _byName.Values.SelectMany(claims => claims).Where(claim => claim.Tenant == tenant);

    // The ledger verifies a name for one tenant only; the least name is a stable choice should it ever not.
    private string? VerifiedOwner(string hostname)
    {
        string? owner = null;
        foreach (var claim in _byName.GetValueOrDefault(hostname, []))
        {
            if (claim.State == ClaimState.Verified && (owner is null || string.CompareOrdinal(claim.Tenant, owner) < 0))
                owner = claim.Tenant;
        }
        return owner;
    }
}
