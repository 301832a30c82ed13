using Gatehouse.Gateway.Resources;

namespace Gatehouse.Gateway.Compilation.Inputs;

/// <summary>Reference grants by (granting tenant, granted tenant) (https://gateway-api.sigs.k8s.io/reference/spec/#referencegrant).</summary>
internal sealed class GrantIndex
{
    private readonly Dictionary<(string Owner, string Tenant), List<Permission>> _permissions = [];

    /// <summary>Replaces what a grant permits; null: the grant is gone.</summary>
    /// <returns>Tenants whose permissions may have changed.</returns>
    public IReadOnlyCollection<string> Set(Resource<ReferenceGrantSpec>? before, Resource<ReferenceGrantSpec>? after)
    {
        var touched = new HashSet<string>(StringComparer.Ordinal);
        foreach (var from in before?.Spec.From ?? [])
        {
            touched.Add(from.Namespace);
            if (_permissions.TryGetValue((before!.Key.Tenant, from.Namespace), out var permissions)
                && permissions.RemoveAll(permission => permission.Grant == before.Key) > 0 && permissions.Count == 0)
                _permissions.Remove((before.Key.Tenant, from.Namespace));
        }
        foreach (var from in after?.Spec.From ?? [])
        {
            touched.Add(from.Namespace);
            var pair = (after!.Key.Tenant, from.Namespace);
            if (!_permissions.TryGetValue(pair, out var permissions))
                _permissions[pair] = permissions = [];
            permissions.AddRange(after.Spec.To.Select(to => new Permission(after.Key, from, to)));
        }
        return touched;
    }

    /// <summary>
    /// Whether some grant of the referent's tenant lets objects of a kind and tenant reference it. Groups and kinds are compared
    /// exactly: a grant for Services says nothing of Backends.
    /// </summary>
    public bool Permits(string fromKind, string fromTenant, ResourceKey to) =>
        _permissions.TryGetValue((to.Tenant, fromTenant), out var permissions)
        && permissions.Exists(permission => permission.Covers(fromKind, to));

    private sealed record Permission(ResourceKey Grant, ReferenceGrantFrom From, ReferenceGrantTo To)
    {
        public bool Covers(string fromKind, ResourceKey to) =>
            From.Kind == fromKind && From.Group == ResourceKind.GroupOf(fromKind)
            && To.Kind == to.Kind && To.Group == ResourceKind.GroupOf(to.Kind)
            && (string.IsNullOrEmpty(To.Name) || To.Name == to.Name);
    }
}
