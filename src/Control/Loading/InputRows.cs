using System.Text.Json;
using Gatehouse.Gateway.Compilation;
using Gatehouse.Gateway.Resources;
using Gatehouse.Persistence.Resources;
using Npgsql;

namespace Gatehouse.Control.Loading;

/// <summary>Reads tenants, resources and claims of one snapshot and collects them as inputs.</summary>
internal sealed class InputRows(NpgsqlConnection connection)
{
    private const string ResourceColumns =
        "resources.kind, tenants.name, resources.name, generation, resources.created_at, resources.labels::text, annotations::text, spec::text, managed_scope, resources.id";

    private const string ChallengeQuery =
        "SELECT tenants.name, hostname, type, token, key_authorization FROM acme_challenges JOIN tenants ON tenants.id = tenant_id";

    private readonly HashSet<ResourceKey> _seen = [];

    /// <summary>Inputs, in order.</summary>
    public List<InputChange> Changes { get; } = [];

    /// <summary>Objects that cannot be read.</summary>
    public List<SpecFault> Faults { get; } = [];

    /// <summary>Reads tenants by name (null: all) and returns the names that exist.</summary>
    public async Task<HashSet<string>> ReadTenantsAsync(IReadOnlyCollection<string>? names, CancellationToken cancellationToken)
    {
        await using var command = Command("SELECT name, labels::text FROM tenants", "name = ANY (@names)", names);
        await using var reader = await command.ExecuteReaderAsync(cancellationToken);
        var present = new HashSet<string>(StringComparer.Ordinal);
        while (await reader.ReadAsync(cancellationToken))
        {
            var labels = JsonSerializer.Deserialize<Dictionary<string, string>>(reader.GetString(1)) ?? [];
            Changes.Add(new TenantUpsert(new TenantInfo(reader.GetString(0), labels)));
            present.Add(reader.GetString(0));
        }

        return present;
    }

    /// <summary>Reads all objects of some tenants (null: of all).</summary>
    public async Task ReadAllResourcesAsync(IReadOnlyCollection<string>? tenants, CancellationToken cancellationToken)
    {
        await using var command = Command(
            $"SELECT {ResourceColumns} FROM resources JOIN tenants ON tenants.id = tenant_id", "tenants.name = ANY (@names)", tenants);
        await ReadResourcesAsync(command, cancellationToken);
    }

    /// <summary>Reads these objects; those that are gone become removals.</summary>
    public async Task ReadResourcesAsync(IReadOnlyCollection<ResourceKey> keys, CancellationToken cancellationToken)
    {
        var wanted = keys.Where(key => !_seen.Contains(key)).ToArray();
        if (wanted.Length == 0)
            return;
        await using var command = new NpgsqlCommand(
            $"""
            SELECT {ResourceColumns}
            FROM unnest(@kinds, @tenants, @objects) AS wanted (kind, tenant, name)
            JOIN tenants ON tenants.name = wanted.tenant
            JOIN resources ON resources.tenant_id = tenants.id AND resources.kind = wanted.kind AND resources.name = wanted.name
            """,
            connection);
        command.Parameters.AddWithValue("kinds", wanted.Select(key => key.Kind).ToArray());
        command.Parameters.AddWithValue("tenants", wanted.Select(key => key.Tenant).ToArray());
        command.Parameters.AddWithValue("objects", wanted.Select(key => key.Name).ToArray());
        await ReadResourcesAsync(command, cancellationToken);
        foreach (var key in wanted.Where(key => !_seen.Contains(key)))
            Changes.Add(new ResourceRemoval(key));
    }

    /// <summary>Reads all claims of some tenants (null: of all).</summary>
    public async Task ReadAllClaimsAsync(IReadOnlyCollection<string>? tenants, CancellationToken cancellationToken)
    {
        await using var command = Command(
            "SELECT hostname, tenants.name, state FROM hostname_claims JOIN tenants ON tenants.id = tenant_id", "tenants.name = ANY (@names)", tenants);
        await ReadClaimsAsync(command, cancellationToken);
    }

    /// <summary>
    /// Reads all tenants' claims on these names, and on the names below a wildcard, which its approval may have decided. Of the given
    /// (tenant, name) pairs those that are gone become removals.
    /// </summary>
    public async Task ReadClaimsAsync(IReadOnlyCollection<(string Tenant, string Hostname)> claims, CancellationToken cancellationToken)
    {
        if (claims.Count == 0)
            return;
        await using var command = new NpgsqlCommand(
            """
            SELECT hostname, tenants.name, state FROM hostname_claims JOIN tenants ON tenants.id = tenant_id
            WHERE hostname = ANY (@names) OR hostname LIKE ANY (@below)
            """,
            connection);
        var names = claims.Select(claim => claim.Hostname).Distinct(StringComparer.Ordinal).ToArray();
        command.Parameters.AddWithValue("names", names);
        command.Parameters.AddWithValue("below", names.Where(name => name.StartsWith("*.", StringComparison.Ordinal)).Select(LikeBelow).ToArray());
        var present = await ReadClaimsAsync(command, cancellationToken);
        foreach (var (tenant, hostname) in claims.Where(claim => !present.Contains(claim)))
            Changes.Add(new ClaimRemoval(hostname, tenant));
    }

    /// <summary>Reads all challenges of some tenants (null: of all).</summary>
    public async Task ReadAllChallengesAsync(IReadOnlyCollection<string>? tenants, CancellationToken cancellationToken)
    {
        await using var command = Command(ChallengeQuery, "tenants.name = ANY (@names)", tenants);
        await ReadChallengesAsync(command, cancellationToken);
    }

    /// <summary>Reads these challenges; those that are over become removals.</summary>
    public async Task ReadChallengesAsync(IReadOnlyCollection<(string Tenant, string Token)> challenges, CancellationToken cancellationToken)
    {
        if (challenges.Count == 0)
            return;
        await using var command = Command(ChallengeQuery, "token = ANY (@names)", [.. challenges.Select(challenge => challenge.Token)]);
        var present = await ReadChallengesAsync(command, cancellationToken);
        foreach (var (tenant, token) in challenges.Where(challenge => !present.Contains(challenge)))
            Changes.Add(new ChallengeRemoval(tenant, token));
    }

    private async Task<HashSet<(string Tenant, string Token)>> ReadChallengesAsync(NpgsqlCommand command, CancellationToken cancellationToken)
    {
        await using var reader = await command.ExecuteReaderAsync(cancellationToken);
        var present = new HashSet<(string, string)>();
        while (await reader.ReadAsync(cancellationToken))
        {
            var challenge = new HostnameChallenge(reader.GetString(0), reader.GetString(1), reader.GetString(2), reader.GetString(3), reader.GetString(4));
            if (present.Add((challenge.Tenant, challenge.Token)))
                Changes.Add(new ChallengeUpsert(challenge));
        }

        return present;
    }

    private static string LikeBelow(string wildcard) => "%" + wildcard[1..].Replace("_", "\\_", StringComparison.Ordinal);

    private NpgsqlCommand Command(string select, string condition, IReadOnlyCollection<string>? names)
    {
        var command = new NpgsqlCommand(names is null ? select : $"{select} WHERE {condition}", connection);
        if (names is not null)
            command.Parameters.AddWithValue("names", names.ToArray());
        return command;
    }

    private async Task ReadResourcesAsync(NpgsqlCommand command, CancellationToken cancellationToken)
    {
        await using var reader = await command.ExecuteReaderAsync(cancellationToken);
        while (await reader.ReadAsync(cancellationToken))
        {
            var row = new ResourceRow(
                new ResourceKey(reader.GetString(0), reader.GetString(1), reader.GetString(2)),
                reader.GetInt64(3),
                reader.GetFieldValue<DateTimeOffset>(4),
                reader.GetString(5),
                reader.GetString(6),
                reader.GetString(7),
                !reader.IsDBNull(8) && reader.GetString(8) == ImportOwner.PlatformScope,
                reader.GetGuid(9));
            Add(row);
        }
    }

    private void Add(ResourceRow row)
    {
        if (!_seen.Add(row.Key))
            return;
        var (resource, fault) = SpecReader.Read(row);
        if (resource is not null)
        {
            Changes.Add(new ResourceUpsert(resource));
            return;
        }

        Changes.Add(new ResourceRemoval(row.Key));
        Faults.Add(fault!);
    }

    private async Task<HashSet<(string Tenant, string Hostname)>> ReadClaimsAsync(NpgsqlCommand command, CancellationToken cancellationToken)
    {
        await using var reader = await command.ExecuteReaderAsync(cancellationToken);
        var present = new HashSet<(string, string)>();
        while (await reader.ReadAsync(cancellationToken))
        {
            var claim = new HostnameClaim(reader.GetString(0), reader.GetString(1), Enum.Parse<ClaimState>(reader.GetString(2)));
            if (present.Add((claim.Tenant, claim.Hostname)))
                Changes.Add(new ClaimUpsert(claim));
        }

        return present;
    }
}
