using Gatehouse.Gateway.Resources;
using Gatehouse.Persistence.Audit;
using Gatehouse.Persistence.Hostnames;
using Gatehouse.Persistence.Tenancy;
using Npgsql;

namespace Gatehouse.Control.Loading;

/// <summary>The objects that a range of revisions changed, each once.</summary>
internal sealed class ChangedObjects
{
    private const string Query = """
        SELECT tenants.name, changes.kind, changes.name, changes.verb
        FROM revision_changes AS changes JOIN tenants ON tenants.id = changes.tenant_id
        WHERE changes.revision > @after AND changes.revision <= @until
        LIMIT @limit
        """;

    /// <summary>Objects of kinds that the compiler may know.</summary>
    public HashSet<ResourceKey> Resources { get; } = [];

    /// <summary>Names of tenants.</summary>
    public HashSet<string> Tenants { get; } = new(StringComparer.Ordinal);

    /// <summary>Tenants that were deleted or created.</summary>
    public HashSet<string> ReplacedTenants { get; } = new(StringComparer.Ordinal);

    /// <summary>Challenges that were set up or are over.</summary>
    public HashSet<(string Tenant, string Token)> Challenges { get; } = [];

    /// <summary>Claims that changed by what their own tenant did.</summary>
    public HashSet<(string Tenant, string Hostname)> Claims { get; } = [];

    /// <summary>Reads the changes of the revisions in (after, until]; null: more than the limit.</summary>
    public static async Task<ChangedObjects?> ReadAsync(NpgsqlConnection connection, long after, long until, int limit, CancellationToken cancellationToken)
    {
        await using var command = new NpgsqlCommand(Query, connection);
        command.Parameters.AddWithValue("after", after);
        command.Parameters.AddWithValue("until", until);
        command.Parameters.AddWithValue("limit", limit + 1);
        await using var reader = await command.ExecuteReaderAsync(cancellationToken);
        var changed = new ChangedObjects();
        var count = 0;
        while (await reader.ReadAsync(cancellationToken))
        {
            if (++count > limit)
                return null;
            changed.Add(reader.GetString(0), reader.GetString(1), reader.GetString(2), reader.GetString(3));
        }

        return changed;
    }

    private void Add(string tenant, string kind, string name, string verb)
    {
        switch (kind)
        {
            case Tenant.Kind:
                Tenants.Add(name);
                if (verb is AuditVerb.Create or AuditVerb.Delete)
                    ReplacedTenants.Add(name);
                break;
            case HostnameChallenge.Kind:
                Challenges.Add((tenant, name));
                break;
            case HostnameClaimEntity.Kind or HostnameClaimEntity.QuarantineKind:
                Claims.Add((tenant, name));
                break;
            default:
                Resources.Add(new ResourceKey(kind, tenant, name));
                break;
        }
    }
}
