using Gatehouse.Api.Access;
using Gatehouse.Api.Errors;
using Gatehouse.Api.Resources;
using Gatehouse.Contracts.Api;
using Gatehouse.Gateway.Manifests;
using Gatehouse.Gateway.Resources;
using Gatehouse.Persistence;
using Gatehouse.Persistence.Resources;
using Microsoft.EntityFrameworkCore;

namespace Gatehouse.Api.Import;

/// <summary>One attempt of an import: everything in one transaction.</summary>
/// <param name="set">The translated manifests.</param>
/// <param name="scope">Where it may write.</param>
/// <param name="query">How it is meant.</param>
/// <param name="access">Who imports.</param>
/// <param name="rules">What kinds ask for.</param>
/// <param name="request">Request.</param>
internal sealed class ImportRun(ImportSet set, ImportScope scope, ImportQuery query, RequestAccess access, ImportRules rules, HttpRequest request)
{
    private readonly List<ImportEntry> _entries = [];
    private readonly HashSet<(string Kind, string Tenant, string Name)> _refused =
        [.. set.Outcomes.Where(static pair => pair.Outcome.Verdict == ManifestVerdict.Refused).Select(static pair => (KindOf(pair.Outcome.Manifest), pair.Tenant, pair.Outcome.Manifest.Name))];

    public ImportQuery Query => query;

    public HttpRequest Request => request;

    public ImportOwner Owner { get; } = scope.Owner(query.Source);

    public ImportAges Ages { get; private set; } = null!;

    public List<ObjectReference> Pruned { get; } = [];

    /// <summary>Runs the import in a transaction that has entered the scope's tenant.</summary>
    public async Task<Result<ImportView>> RunAsync(WriteTransaction transaction, CancellationToken cancellationToken)
    {
        // Imports of one source take turns: each sees what the one before stored.
        await transaction.Db.Database.ExecuteSqlAsync($"SELECT pg_advisory_xact_lock(hashtext({$"gatehouse import {scope.Tenant} {Owner}"}))", cancellationToken);
        Ages = new ImportAges(transaction.Now, set.Outcomes.Select(static pair => pair.Outcome.Manifest), keep: scope.IsPlatform);
        var placed = set.Outcomes.Select(static pair => (Entry: new ImportEntry(pair.Outcome), pair.Tenant)).ToList();
        _entries.AddRange(placed.Select(static pair => pair.Entry));
        var resources = placed.SelectMany(static pair => pair.Entry.Resources.Select(resource => (Resource: resource, pair.Entry))).ToLookup(static pair => pair.Resource.Key.Tenant, StringComparer.Ordinal);
        var outdated = placed.SelectMany(static pair => pair.Entry.Outdates).ToLookup(static key => key.Tenant, StringComparer.Ordinal);
        foreach (var (tenant, id) in await TenantsAsync(transaction, [.. resources.Select(static group => group.Key)], outdated.Select(static group => group.Key), cancellationToken))
        {
            if (transaction.TenantId != id)
                await transaction.SwitchTenantAsync(id, cancellationToken);
            await new TenantImport(this, transaction, tenant).RunAsync([.. resources[tenant]], [.. outdated[tenant]], cancellationToken);
        }
        var refused = _entries.Count(static entry => entry.Verdict == ManifestVerdict.Refused);
        return query.Strict && refused > 0
            ? new ImportRefusedError([.. _entries.Select(static entry => entry.ToDocument())], refused)
            : ToDocument(transaction.DryRun);
    }

    /// <summary>Whether the import has the object in a form that cannot be stored: it is not absent, so what is stored stays.</summary>
    public bool IsRefused(string kind, string tenant, string name) => _refused.Contains((kind, tenant, name));

    public IKindRules? RulesOf(string kind) => rules.Kinds.GetValueOrDefault(kind);

    public bool MayWrite(string kind) => scope.IsPlatform || access.HasRole(ImportRoles.ToWrite(kind));

    public bool MayDelete(string kind) => scope.IsPlatform || access.HasRole(ImportRoles.ToDelete(kind));

    /// <summary>Says something of an object that is not in the import.</summary>
    public void Report(string kind, string tenant, string name, string message) => _entries.Add(new ImportEntry(new ManifestOutcome(
        new Manifest { Kind = kind, Namespace = tenant, Name = name, Root = default }, ManifestVerdict.Refused, [message], [])));

    public ImportedCertificates Certificates(WriteTransaction transaction) => new(rules.Certificates, transaction);

    /// <summary>Tenants that the import touches, in an order that all imports share.</summary>
    private async Task<IReadOnlyList<(string Name, Guid Id)>> TenantsAsync(
        WriteTransaction transaction, IReadOnlyList<string> needed, IEnumerable<string> named, CancellationToken cancellationToken)
    {
        if (!scope.IsPlatform)
            return [(access.Tenant.Name, access.Tenant.Id)];
        var ids = await ImportTenants.EnsureAsync(transaction, _entries, needed, cancellationToken);
        var wanted = needed.ToHashSet(StringComparer.Ordinal);
        var others = named.Where(name => !wanted.Contains(name)).ToList();
        if (query.Prune || others.Count > 0)
        {
            foreach (var (id, name) in await ImportedRows.TenantsOfAsync(transaction.Db, Owner, cancellationToken))
            {
                if (query.Prune || others.Contains(name))
                    wanted.Add(name);
                ids[name] = id;
            }
        }
        return [.. wanted.Order(StringComparer.Ordinal).Select(name => (name, ids[name]))];
    }

    private static string KindOf(Manifest manifest) => manifest.Kind == ResourceKind.Secret ? ResourceKind.Certificate : manifest.Kind;

    private ImportView ToDocument(bool dryRun) => new()
    {
        Objects = [.. _entries.Select(static entry => entry.ToDocument())],
        Pruned = Pruned,
        DryRun = dryRun,
        Summary = new ImportSummary
        {
            Exact = Count(ManifestVerdict.Exact),
            Approximate = Count(ManifestVerdict.Approximate),
            Refused = Count(ManifestVerdict.Refused),
            Ignored = Count(ManifestVerdict.Ignored),
            Created = Count(ImportAction.Created),
            Updated = Count(ImportAction.Updated),
            Unchanged = Count(ImportAction.Unchanged),
            Pruned = Pruned.Count,
        },
    };

    private int Count(ManifestVerdict verdict) => _entries.Count(entry => entry.Verdict == verdict);

    private int Count(ImportAction action) => _entries.Count(entry => entry.Action == action);
}
