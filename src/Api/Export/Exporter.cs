using System.Runtime.CompilerServices;
using System.Text.Json.Nodes;
using Gatehouse.Api.Import;
using Gatehouse.Gateway.Manifests;
using Gatehouse.Gateway.Resources;
using Gatehouse.Persistence;
using Gatehouse.Persistence.Resources;
using Gatehouse.Persistence.Tenancy;
using Microsoft.EntityFrameworkCore;

namespace Gatehouse.Api.Export;

/// <summary>Reads what tenants have as manifests, in an order that does not change from one export to the next.</summary>
internal sealed class Exporter(Transactions transactions, GatehouseDbContext db)
{
    /// <summary>What others build on comes first.</summary>
    private static readonly string[] Order =
    [
        ResourceKind.GatewayClass, ResourceKind.Gateway, ResourceKind.Hostname, ResourceKind.ListenerSet, ResourceKind.Certificate, ResourceKind.ConfigMap,
        ResourceKind.Backend, ResourceKind.Service, ResourceKind.BackendTlsPolicy, ResourceKind.ReferenceGrant,
    ];

    /// <summary>Kinds that belong to the installation: without its kubeconfig, which no export has, a Cluster could not be imported.</summary>
    private static readonly string[] Installation = [ResourceKind.Cluster, ResourceKind.ClusterNamespace];

    /// <summary>Everything: tenants as Namespaces, then what they have.</summary>
    public async IAsyncEnumerable<JsonObject> AllAsync([EnumeratorCancellation] CancellationToken cancellationToken)
    {
        var tenants = await db.Tenants.AsNoTracking().OrderBy(static tenant => tenant.Name).ToListAsync(cancellationToken);
        foreach (var tenant in tenants)
            yield return NamespaceOf(tenant);
        foreach (var tenant in tenants)
        {
            await foreach (var manifest in TenantAsync(tenant, cancellationToken))
                yield return manifest;
        }
    }

    /// <summary>What one tenant has.</summary>
    public async IAsyncEnumerable<JsonObject> TenantAsync(Tenant tenant, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        List<ResourceEntity> rows;
        await using (var transaction = await transactions.ReadAsync(tenant.Id, cancellationToken))
            rows = await transaction.Db.Resources.AsNoTracking().Where(static row => !Installation.Contains(row.Kind)).ToListAsync(cancellationToken);
        var ordered = rows.OrderBy(static row => Array.IndexOf(Order, row.Kind) is >= 0 and var place ? place : Order.Length)
            .ThenBy(static row => row.Kind, StringComparer.Ordinal).ThenBy(static row => row.Name, StringComparer.Ordinal);
        foreach (var row in ordered)
        {
            // What this version cannot read it cannot write either; its status says so.
            if (ImportChange.SpecOf(row) is not { } spec)
                continue;
            foreach (var manifest in ManifestWriter.Write(new ExportedObject(new ResourceKey(row.Kind, tenant.Name, row.Name), row.Labels, row.Annotations, row.CreatedAt, spec)))
                yield return manifest;
        }
    }

    private static JsonObject NamespaceOf(Tenant tenant) => ManifestWriter.WriteNamespace(
        tenant.Name,
        tenant.Labels,
        tenant.DisplayName.Length == 0 ? new Dictionary<string, string>() : new Dictionary<string, string> { [ImportTenants.DisplayNameAnnotation] = tenant.DisplayName });
}
