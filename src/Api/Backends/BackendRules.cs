using Gatehouse.Api.Errors;
using Gatehouse.Api.Resources;
using Gatehouse.Api.Writes;
using Gatehouse.Contracts.Api;
using Gatehouse.Gateway.Resources;
using Gatehouse.Persistence.Resources;
using Microsoft.EntityFrameworkCore;

namespace Gatehouse.Api.Backends;

/// <summary>References without kind would mean the new Backend instead of the Service that they mean now.</summary>
internal sealed record BackendTakeoverError : Error
{
    public BackendTakeoverError(string name, IReadOnlyList<ObjectReference> referrers)
        : base(
            ErrorKind.Conflict,
            "backend_takes_over",
            $"{referrers.Count} route(s) reference '{name}' without kind, which means the Service of that name now and would mean this Backend. Create it with ?takeover=true if that is intended.")
    {
        Referrers = referrers;
    }
}

/// <summary>A new Backend changes no live reference behind anybody's back.</summary>
internal sealed class BackendRules : IKindRules
{
    private static readonly string[] RouteKinds = [ResourceKind.HttpRoute, ResourceKind.GrpcRoute, ResourceKind.TlsRoute, ResourceKind.TcpRoute, ResourceKind.UdpRoute];

    public string Kind => ResourceKind.Backend;

    public async Task<Error?> BeforeSaveAsync(PendingWrite write, CancellationToken cancellationToken)
    {
        if (write.PreviousSpec is not null)
            return null;
        if (!QueryFlag.TryRead(write.Request, "takeover", out var takeover, out var invalid))
            return invalid;
        var db = write.Transaction.Db;
        var name = write.Entity.Name;
        if (takeover || await db.FindAsync(ResourceKind.Service, name, cancellationToken) is null)
            return null;
        var tenant = await db.Tenants.Where(candidate => candidate.Id == write.Transaction.TenantId).Select(candidate => candidate.Name).SingleAsync(cancellationToken);
        var routes = await db.Resources.AsNoTracking().Where(resource => RouteKinds.Contains(resource.Kind)).ToListAsync(cancellationToken);
        var affected = routes.FindAll(route => References.BackendsOf(route.ReadSpec()).Any(reference => Means(reference, tenant, name)));
        return affected.Count == 0
            ? null
            : new BackendTakeoverError(name, [.. affected.Select(route => new ObjectReference(route.Kind, tenant, route.Name))]);
    }

    public Task<Error?> BeforeDeleteAsync(PendingWrite write, CancellationToken cancellationToken) => Task.FromResult<Error?>(null);

    private static bool Means(BackendObjectReference reference, string tenant, string name) =>
        reference.Kind is null && reference.Name == name && (reference.Namespace ?? tenant) == tenant;
}
