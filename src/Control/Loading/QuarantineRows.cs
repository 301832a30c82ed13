using Gatehouse.Gateway.Compilation;
using Gatehouse.Gateway.Resources;
using Npgsql;

namespace Gatehouse.Control.Loading;

/// <summary>
/// Names that their tenant released a short while ago and that another tenant's wildcard would serve now. They become Hostnames of a tenant
/// that serves nothing (docs/decisions/0017), so whoever still comes gets a neutral answer, never the other tenant's content.
/// </summary>
internal sealed class QuarantineRows(NpgsqlConnection connection, TimeSpan quarantine, List<InputChange> changes)
{
    private const string Query = """
        SELECT DISTINCT released.hostname FROM hostname_quarantine AS released
        WHERE released.released_at > now() - @quarantine AND (
            SELECT owner.tenant_id FROM hostname_claims AS owner
            WHERE owner.state = 'Verified' AND owner.hostname = ANY (covering_hostnames(released.hostname))
            ORDER BY length(owner.hostname) DESC LIMIT 1) <> released.tenant_id
          AND NOT EXISTS (SELECT FROM hostname_claims AS held WHERE held.state = 'Verified' AND held.hostname = released.hostname)
        """;

    /// <summary>Reads all of them.</summary>
    public async Task ReadAllAsync(CancellationToken cancellationToken)
    {
        await using var command = new NpgsqlCommand(Query, connection);
        command.Parameters.AddWithValue("quarantine", quarantine);
        foreach (var hostname in await ReadAsync(command, cancellationToken))
            Hold(hostname);
    }

    /// <summary>Reads those that claims on these names may have changed.</summary>
    public async Task ReadAsync(IEnumerable<string> hostnames, CancellationToken cancellationToken)
    {
        var names = hostnames.Distinct(StringComparer.Ordinal).ToArray();
        if (names.Length == 0)
            return;
        await using var below = new NpgsqlCommand("SELECT hostname FROM hostname_quarantine WHERE hostname = ANY (@names) OR covering_hostnames(hostname) && @names", connection);
        below.Parameters.AddWithValue("names", names);
        var concerned = (await ReadAsync(below, cancellationToken)).Union(names, StringComparer.Ordinal).ToArray();
        await using var command = new NpgsqlCommand($"{Query} AND released.hostname = ANY (@names)", connection);
        command.Parameters.AddWithValue("quarantine", quarantine);
        command.Parameters.AddWithValue("names", concerned);
        var held = await ReadAsync(command, cancellationToken);
        foreach (var hostname in concerned)
        {
            if (held.Contains(hostname))
                Hold(hostname);
            else
                changes.AddRange([new ResourceRemoval(KeyOf(hostname)), new ClaimRemoval(hostname, ResourceKind.QuarantineTenant)]);
        }
    }

    private void Hold(string hostname)
    {
        changes.Add(new ClaimUpsert(new HostnameClaim(hostname, ResourceKind.QuarantineTenant, ClaimState.Verified)));
        changes.Add(new ResourceUpsert(new Resource<HostnameSpec>
        {
            Key = KeyOf(hostname),
            Id = Guid.Empty,
            Generation = 1,
            CreatedAt = DateTimeOffset.UnixEpoch,
            Labels = new Dictionary<string, string>(),
            Annotations = new Dictionary<string, string>(),
            Spec = new HostnameSpec(),
        }));
    }

    private static ResourceKey KeyOf(string hostname) => new(ResourceKind.Hostname, ResourceKind.QuarantineTenant, hostname);

    private static async Task<HashSet<string>> ReadAsync(NpgsqlCommand command, CancellationToken cancellationToken)
    {
        await using var reader = await command.ExecuteReaderAsync(cancellationToken);
        var names = new HashSet<string>(StringComparer.Ordinal);
        while (await reader.ReadAsync(cancellationToken))
            names.Add(reader.GetString(0));
        return names;
    }
}
