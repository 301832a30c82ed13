namespace Gatehouse.Persistence.Tenancy;

/// <summary>
/// The tables that belong to no tenant, each with the reason. A table that is neither here nor behind the three walls fails a
/// test (docs/decisions/0006).
/// </summary>
public static class PlatformTables
{
    /// <summary>Table name and why it has no tenant.</summary>
    public static IReadOnlyDictionary<string, string> Reasons { get; } = new Dictionary<string, string>(StringComparer.Ordinal)
    {
        ["tenants"] = "a request finds its tenant by name before it has one",
        ["users"] = "a person signs in before any tenant is known and may belong to several",
        ["user_claims"] = "part of a user",
        ["user_logins"] = "part of a user",
        ["user_tokens"] = "part of a user",
        ["sessions"] = "a session belongs to a user, not to a tenant",
        ["hostname_quarantine"] = "outlives the tenant that released the name; only the ledger's own role may write it",
        ["revision_head"] = "one counter orders the commits of all tenants",
        ["replica_acknowledgements"] = "data planes belong to the platform",
        ["cluster_leases"] = "clusters belong to the platform; only sync workers, by the compiler's login, may touch it",
        ["cluster_reports"] = "clusters belong to the platform; only the compiler's login may touch it",
        ["cluster_object_reports"] = "a worker reports on the objects of all tenants; only the compiler's login may touch it",
        ["cluster_shards"] = "clusters belong to the platform; only sync workers, by the compiler's login, may touch it",
        ["cluster_tasks"] = "clusters belong to the platform; the API finds a task by the id that it gave it",
        ["acme_accounts"] = "accounts at certificate authorities are the platform's; only the compiler's login may touch it",
        ["acme_orders"] = "the budget of an authority counts the orders of all tenants, also of those that are gone; only the compiler's login may touch it",
        ["schema_migrations"] = "the migrator's own",
    };
}
