using Gatehouse.Api.Errors;
using Gatehouse.Api.Resources;
using Gatehouse.Contracts.Api;
using Gatehouse.Gateway.Manifests;
using Gatehouse.Gateway.Resources;
using Gatehouse.Persistence;
using Gatehouse.Persistence.Audit;
using Gatehouse.Persistence.Resources;
using Gatehouse.ServiceDefaults;
using Microsoft.EntityFrameworkCore;

namespace Gatehouse.Api.Import;

/// <summary>The part of an import that lies in one tenant, which the transaction has entered.</summary>
/// <param name="run">The import.</param>
/// <param name="transaction">Its transaction.</param>
/// <param name="tenant">Name of the tenant.</param>
internal sealed class TenantImport(ImportRun run, WriteTransaction transaction, string tenant)
{
    private readonly Dictionary<(string Kind, string Name), ResourceEntity> _rows = [];
    private readonly HashSet<(string Kind, string Name)> _present = [];
    private readonly ImportedCertificates _certificates = run.Certificates(transaction);
    private HashSet<string>? _services;

    private GatehouseDbContext Db => transaction.Db;

    /// <summary>Stores what the entries say of this tenant, and deletes what is outdated or pruned.</summary>
    public async Task RunAsync(IReadOnlyList<(ManifestResource Resource, ImportEntry Entry)> resources, IReadOnlyList<ResourceKey> outdated, CancellationToken cancellationToken)
    {
        await LoadAsync(resources, outdated, cancellationToken);
        // What is only wanted gives way to what is written out.
        foreach (var (resource, entry) in resources.OrderBy(static pair => pair.Resource.OnlyIfMissing))
            await StoreAsync(resource, entry, cancellationToken);
        foreach (var row in _rows.Values.Where(IsGone(outdated)).OrderBy(static row => row.Kind, StringComparer.Ordinal).ThenBy(static row => row.Name, StringComparer.Ordinal).ToList())
            await RemoveAsync(row, cancellationToken);
        await Db.SaveChangesAsync(cancellationToken);
        Db.ChangeTracker.Clear();
    }

    private async Task LoadAsync(IReadOnlyList<(ManifestResource Resource, ImportEntry Entry)> resources, IReadOnlyList<ResourceKey> outdated, CancellationToken cancellationToken)
    {
        if (run.Query.Prune || outdated.Count > 0)
        {
            foreach (var row in await ImportedRows.OwnedAsync(transaction, run.Owner, cancellationToken))
                _rows[(row.Kind, row.Name)] = row;
        }
        var missing = resources.Select(static pair => (pair.Resource.Key.Kind, pair.Resource.Key.Name)).Where(key => !_rows.ContainsKey(key)).Distinct().ToList();
        foreach (var row in await ImportedRows.NamedAsync(transaction, missing, cancellationToken))
            _rows[(row.Kind, row.Name)] = row;
        var certificates = resources.Where(static pair => pair.Resource.Spec is CertificateSpec).Select(pair => _rows.GetValueOrDefault((pair.Resource.Key.Kind, pair.Resource.Key.Name))?.Id);
        await _certificates.LoadAsync([.. certificates.OfType<Guid>()], cancellationToken);
    }

    private Func<ResourceEntity, bool> IsGone(IReadOnlyList<ResourceKey> outdated)
    {
        var named = outdated.Select(static key => (key.Kind, key.Name)).ToHashSet();
        return row => row.Owner == run.Owner && !_present.Contains((row.Kind, row.Name)) && !run.IsRefused(row.Kind, tenant, row.Name) && (run.Query.Prune || named.Contains((row.Kind, row.Name)));
    }

    private async Task StoreAsync(ManifestResource resource, ImportEntry entry, CancellationToken cancellationToken)
    {
        var key = (resource.Key.Kind, resource.Key.Name);
        if (!_present.Add(key))
        {
            if (resource.OnlyIfMissing)
                return;
            entry.Add(ManifestVerdict.Refused, $"Another object of the import is stored as {key.Kind} `{key.Name}`; rename one.");
            return;
        }
        var row = _rows.GetValueOrDefault(key);
        if (row is not null && resource.OnlyIfMissing && row.Owner != run.Owner)
            return;
        if (!run.MayWrite(key.Kind))
        {
            entry.Add(Refusal(resource), $"Your role in the tenant is too low to write a {key.Kind}.");
            return;
        }
        if (row is not null && !ImportOwnership.Admits(row, resource, run, entry))
            return;
        await WriteAsync(row, resource, entry, cancellationToken);
    }

    private static ManifestVerdict Refusal(ManifestResource resource) => resource.OnlyIfMissing ? ManifestVerdict.Approximate : ManifestVerdict.Refused;

    private async Task WriteAsync(ResourceEntity? row, ManifestResource resource, ImportEntry entry, CancellationToken cancellationToken)
    {
        var change = ImportChange.Of(row, resource, run.Owner);
        var lacksKey = row is not null && _certificates.Lacks(row.Id, resource);
        if (change.IsNothing && !lacksKey)
        {
            entry.Did(ImportAction.Unchanged);
            _certificates.Remark(row!.Id, resource, entry);
            return;
        }
        var entity = row ?? Create(resource, entry.Manifest);
        if ((row is null || change.Spec || lacksKey) && await ObjectionAsync(Pending(entity, resource, change), entry, cancellationToken) is { } error)
        {
            entry.Add(Refusal(resource), $"{resource.Key.Kind} `{resource.Key.Name}`: {error.Message}");
            return;
        }
        entry.Did(row is null ? ImportAction.Created : ImportAction.Updated);
        if (row is null)
        {
            Db.Resources.Add(entity);
            return;
        }
        Db.Attach(entity);
        change.Apply(entity, transaction.Now);
        if (change.IsNothing)
            transaction.Record(new AuditRecord(AuditVerb.Update, entity.Kind, entity.Name, null, null)); // the key alone: data planes hear of it by a revision
    }

    private PendingWrite Pending(ResourceEntity entity, ManifestResource resource, ImportChange change) =>
        new(transaction, entity, resource.Spec, change.Before, run.Request) { Secret = Secret.OfNullable(resource.PrivateKey?.Reveal()) };

    private ResourceEntity Create(ManifestResource resource, Manifest manifest) => new()
    {
        TenantId = transaction.TenantId,
        Kind = resource.Key.Kind,
        Name = resource.Key.Name,
        Labels = resource.Labels,
        Annotations = resource.Annotations,
        Spec = ResourceMapping.WriteSpec(resource.Spec),
        CreatedAt = run.Ages.Of(manifest),
        UpdatedAt = transaction.Now,
        Owner = run.Owner,
    };

    /// <summary>What a kind asks for beyond a valid spec. Most new Backends meet no Service of their name, which one question for all tells.</summary>
    private async Task<Error?> ObjectionAsync(PendingWrite write, ImportEntry entry, CancellationToken cancellationToken)
    {
        if (write.Entity.Kind == ResourceKind.Certificate)
            return await _certificates.BeforeSaveAsync(write, entry, cancellationToken);
        if (write.Entity.Kind == ResourceKind.ConfigMap || run.RulesOf(write.Entity.Kind) is not { } rules)
            return null; // authorities that are none are stored as a cluster does; conditions say so
        if (write.Entity.Kind == ResourceKind.Backend)
        {
            _services ??= [.. await Db.Resources.Where(static row => row.Kind == ResourceKind.Service).Select(static row => row.Name).ToListAsync(cancellationToken)];
            if (!_services.Contains(write.Entity.Name))
                return null;
        }
        return await rules.BeforeSaveAsync(write, cancellationToken);
    }

    private async Task RemoveAsync(ResourceEntity row, CancellationToken cancellationToken)
    {
        if (!run.MayDelete(row.Kind))
        {
            run.Report(row.Kind, tenant, row.Name, "It is absent from this import and would be pruned, but your role in the tenant is too low to delete it.");
            return;
        }
        var spec = ImportChange.SpecOf(row) ?? new object();
        if (run.RulesOf(row.Kind) is { } rules
            && await rules.BeforeDeleteAsync(new PendingWrite(transaction, row, spec, spec, run.Request), cancellationToken) is { } error)
        {
            run.Report(row.Kind, tenant, row.Name, error.Message);
            return;
        }
        Db.Resources.Remove(row);
        run.Pruned.Add(new ObjectReference(row.Kind, tenant, row.Name));
    }
}
