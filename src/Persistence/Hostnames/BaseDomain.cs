namespace Gatehouse.Persistence.Hostnames;

/// <summary>The part of the base domain that a name lies in.</summary>
public static class BaseDomain
{
    /// <summary>
    /// The label in front of the base domain (the tenant's name, if there is such a tenant); empty for the base domain itself and its
    /// wildcard, which cover every tenant's part; null for names outside.
    /// </summary>
    public static string? TenantLabelOf(string hostname, string? baseDomain)
    {
        if (string.IsNullOrEmpty(baseDomain))
            return null;
        var name = hostname.StartsWith("*.", StringComparison.Ordinal) ? hostname[2..] : hostname;
        if (name == baseDomain)
            return "";
        if (!name.EndsWith("." + baseDomain, StringComparison.Ordinal))
            return null;
        var rest = name[..^(baseDomain.Length + 1)];
        return rest[(rest.LastIndexOf('.') + 1)..];
    }

    /// <summary>The wildcard that a name right below a tenant's part lies under, or is; null for other names.</summary>
    public static string? WildcardOf(string hostname, string? baseDomain)
    {
        ArgumentNullException.ThrowIfNull(hostname);
        var parent = hostname[(hostname.IndexOf('.', StringComparison.Ordinal) + 1)..];
        return TenantLabelOf(parent, baseDomain) is { Length: > 0 } label && parent == $"{label}.{baseDomain}" ? $"*.{parent}" : null;
    }
}
