using Gatehouse.Persistence;
using Gatehouse.Persistence.Tenancy;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata;
using Npgsql;
using Xunit;

namespace Gatehouse.Api.Tests.Persistence;

/// <summary>Every table of a tenant has all three walls; the catalog and the model say so, not a list in this file.</summary>
public sealed class TenantWallTests : DatabaseTest
{
    private const string Wall = "(tenant_id = (NULLIF(current_setting('app.tenant_id'::text, true), ''::text))::uuid)";

    /// <summary>Policies besides the wall, each decided in docs/decisions/0006 and 0007.</summary>
    private static readonly string[] OtherPolicies =
    [
        "acme_challenges compiler SELECT gatehouse_compiler",
        "api_tokens presented_token SELECT gatehouse_app",
        "certificate_issuances compiler ALL gatehouse_compiler",
        "certificate_revocations compiler ALL gatehouse_compiler",
        "cluster_credentials compiler SELECT gatehouse_compiler",
        "hostname_checks compiler ALL gatehouse_compiler",
        "hostname_claims compiler SELECT gatehouse_compiler",
        "hostname_claims ledger ALL gatehouse_ledger",
        "hostname_quarantine compiler SELECT gatehouse_compiler",
        "hostname_quarantine ledger ALL gatehouse_ledger",
        "memberships own_memberships SELECT gatehouse_app",
        "private_keys compiler SELECT gatehouse_compiler",
        "resources compiler SELECT gatehouse_compiler",
        "resources platform_import SELECT gatehouse_app",
        "revision_changes compiler SELECT gatehouse_compiler",
        "revisions compiler SELECT gatehouse_compiler",
    ];

    [Fact]
    public async Task Tables_All_AreTenantTablesOrPlatformTables()
    {
        var tables = await ColumnAsync("SELECT relname::text FROM pg_class JOIN pg_namespace n ON n.oid = relnamespace WHERE relkind IN ('r', 'p') AND nspname = 'public'");
        Assert.Equal(tables.Order(StringComparer.Ordinal), TenantTables().Concat(PlatformTables.Reasons.Keys).Order(StringComparer.Ordinal));
    }

    [Fact]
    public async Task TenantColumns_All_AreInTenantTables()
    {
        var tables = await ColumnAsync("SELECT table_name::text FROM information_schema.columns WHERE table_schema = 'public' AND column_name = 'tenant_id'");
        Assert.Equal(["hostname_quarantine"], tables.Except(TenantTables()));
    }

    [Fact]
    public async Task RowLevelSecurity_TenantTables_IsEnabledAndForced()
    {
        var walled = await ColumnAsync("SELECT relname::text FROM pg_class WHERE relrowsecurity AND relforcerowsecurity");
        Assert.Empty(TenantTables().Except(walled));
    }

    [Fact]
    public async Task Policies_TenantTables_CheckTheTenantOnReadAndWrite()
    {
        var policies = await ColumnAsync("SELECT concat_ws(' ', tablename, policyname, cmd, array_to_string(roles, ','), permissive, qual, with_check) FROM pg_policies");
        foreach (var table in TenantTables())
            Assert.Contains($"{table} tenant ALL gatehouse_app PERMISSIVE {Wall} {Wall}", policies);
        var all = await ColumnAsync("SELECT concat_ws(' ', tablename, policyname, cmd, array_to_string(roles, ',')) FROM pg_policies");
        Assert.Equal(OtherPolicies, all.Where(policy => !policy.Contains(" tenant ALL ", StringComparison.Ordinal)).Order(StringComparer.Ordinal));
    }

    [Fact]
    public void Model_TenantEntities_HaveTheNamedFilter()
    {
        using var db = Database.NewContext();
        foreach (var entity in TenantEntities(db))
            Assert.NotNull(entity.FindDeclaredQueryFilter(GatehouseDbContext.TenantFilter));
    }

    [Fact]
    public void Model_EntitiesWithATenant_AreTenantOwned()
    {
        using var db = Database.NewContext();
        Assert.DoesNotContain(
            db.Model.GetEntityTypes(), entity => entity.FindProperty("TenantId") is not null && !typeof(ITenantOwned).IsAssignableFrom(entity.ClrType));
    }

    [Fact]
    public async Task Keys_TenantTables_BeginWithTheTenant()
    {
        var keys = await ColumnAsync(
            """
            SELECT conrelid::regclass::text FROM pg_constraint JOIN pg_attribute ON attrelid = conrelid AND attnum = conkey[1]
            WHERE contype = 'p' AND attname = 'tenant_id' AND cardinality(conkey) > 1
            """);
        Assert.Empty(TenantTables().Except(keys));
    }

    [Fact]
    public async Task ForeignKeys_BetweenTenantTables_IncludeTheTenantOnBothSides()
    {
        // A foreign key check bypasses row-level security: without the tenant in it, a row could point into another tenant.
        var keys = await ColumnAsync(
            """
            SELECT concat_ws(' ', conname, confrelid::regclass::text, here.attname, there.attname)
            FROM pg_constraint
            JOIN pg_attribute here ON here.attrelid = conrelid AND here.attnum = conkey[1]
            JOIN pg_attribute there ON there.attrelid = confrelid AND there.attnum = confkey[1]
            WHERE contype = 'f' AND connamespace = 'public'::regnamespace
            """);
        var tenants = TenantTables();
        foreach (var key in keys.Select(text => text.Split(' ')).Where(key => tenants.Contains(key[1])))
            Assert.Equal(("tenant_id", "tenant_id"), (key[2], key[3]));
        foreach (var table in tenants.Except(["revision_changes"]))
            Assert.Contains($"{table}_tenant_id_fkey tenants tenant_id id", keys);
    }

    [Fact]
    public async Task UniqueIndexes_TenantTables_IncludeTheTenant()
    {
        // A unique index without the tenant tells one tenant what another one has. The ledger's is behind its functions.
        var indexes = await ColumnAsync(
            """
            SELECT concat_ws(' ', indrelid::regclass::text, indexrelid::regclass::text) FROM pg_index
            JOIN pg_class ON pg_class.oid = indexrelid JOIN pg_namespace n ON n.oid = relnamespace
            WHERE indisunique AND nspname = 'public'
              AND NOT EXISTS (SELECT FROM pg_attribute WHERE attrelid = indrelid AND attnum = indkey[0] AND attname = 'tenant_id')
            """);
        var tenants = TenantTables();
        Assert.Equal(["hostname_claims hostname_claims_one_winner"], indexes.Where(index => tenants.Contains(index.Split(' ')[0])));
    }

    [Fact]
    public async Task Roles_OfTheRuntime_HaveNoSpecialRights()
    {
        var roles = await ColumnAsync("SELECT rolname::text FROM pg_roles WHERE rolname LIKE 'gatehouse%' AND (rolsuper OR rolbypassrls OR rolreplication OR rolcreatedb)");
        Assert.Empty(roles);
        var owned = await ColumnAsync("SELECT relname::text FROM pg_class JOIN pg_roles r ON r.oid = relowner WHERE rolname IN ('gatehouse_app', 'gatehouse_compiler', 'gatehouse_ledger')");
        Assert.Empty(owned);
        var memberships = await ColumnAsync("SELECT roleid::regrole::text FROM pg_auth_members WHERE member::regrole::text IN ('gatehouse_app', 'gatehouse_compiler', 'gatehouse_ledger')");
        Assert.Empty(memberships);
    }

    [Fact]
    public async Task Grants_OfTheApp_LeaveHistoryAndLedgerAlone()
    {
        var grants = await ColumnAsync(
            """
            SELECT concat_ws(' ', table_name, string_agg(privilege_type, ',' ORDER BY privilege_type)) FROM information_schema.role_table_grants
            WHERE grantee = 'gatehouse_app' AND table_name IN ('audit_events', 'revisions', 'revision_changes', 'hostname_claims', 'hostname_quarantine')
            GROUP BY table_name ORDER BY table_name
            """);
        Assert.Equal(["audit_events INSERT,SELECT", "hostname_claims DELETE,SELECT", "revision_changes INSERT,SELECT", "revisions INSERT,SELECT"], grants);
    }

    private static IEnumerable<IEntityType> TenantEntities(GatehouseDbContext db) =>
        db.Model.GetEntityTypes().Where(entity => typeof(ITenantOwned).IsAssignableFrom(entity.ClrType));

    private List<string> TenantTables()
    {
        using var db = Database.NewContext();
        return [.. TenantEntities(db).Select(entity => entity.GetTableName()!)];
    }

    private async Task<List<string>> ColumnAsync(string sql)
    {
        await using var connection = new NpgsqlConnection(Database.Superuser);
        await connection.OpenAsync();
        await using var command = new NpgsqlCommand(sql, connection);
        await using var reader = await command.ExecuteReaderAsync();
        var values = new List<string>();
        while (await reader.ReadAsync())
            values.Add(reader.GetString(0));
        return values;
    }
}
