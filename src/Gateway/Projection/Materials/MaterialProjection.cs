using System.Text;
using System.Text.Json.Nodes;
using Gatehouse.Gateway.Compilation.Resolved;
using Gatehouse.Gateway.Resources;

namespace Gatehouse.Gateway.Projection.Materials;

/// <summary>Secrets, ConfigMaps and grants: what other objects refer to. Each is there as long as something refers to it.</summary>
internal sealed class MaterialProjection(ProjectionRun run)
{
    /// <summary>Annotation with the SHA-256 of the public key that the Secret's private key belongs to.</summary>
    public const string KeyFingerprint = "gatehouse.dev/key-fingerprint";

    private readonly SortedSet<ResourceKey> _used = [];

    /// <summary>A reference to a Certificate's Secret; null: its tenant has no usable Namespace.</summary>
    /// <param name="certificate">The Certificate.</param>
    /// <param name="fromKind">Kind that refers to it.</param>
    /// <param name="fromNamespace">Where that lies.</param>
    /// <param name="source">The stored object that refers to it.</param>
    public JsonObject? SecretReference(ResourceKey certificate, string fromKind, string fromNamespace, ResourceKey source)
    {
        if (run.Find<ResolvedCertificate>(certificate) is not { Model.IsUsable: true } || !run.Namespaces.Admits(certificate.Tenant, source))
            return null;
        return Reference(certificate, ResourceKind.Secret, ProjectedNames.SecretOf(certificate.Name), fromKind, fromNamespace, source);
    }

    /// <summary>A reference to a ConfigMap of authorities; one that is missing is referred to all the same, so that connections fail as they must.</summary>
    public JsonObject AuthoritiesReference(ResourceKey configMap, string fromKind, string fromNamespace, ResourceKey source) =>
        Reference(configMap, ResourceKind.ConfigMap, ProjectedNames.ConfigMapOf(configMap.Name), fromKind, fromNamespace, source);

    /// <summary>Lets what lies in one Namespace refer to an object of another one.</summary>
    /// <param name="fromKind">Kind that refers.</param>
    /// <param name="fromNamespace">Namespace that refers.</param>
    /// <param name="toKind">Kind of the core group that is referred to.</param>
    /// <param name="toTenant">Its tenant.</param>
    /// <param name="toName">Its name.</param>
    /// <param name="source">The stored object that refers.</param>
    public void Grant(string fromKind, string fromNamespace, string toKind, string toTenant, string toName, ResourceKey source)
    {
        var ns = run.Namespaces.Of(toTenant);
        if (ns == fromNamespace || !run.Namespaces.Admits(toTenant, source) || run.VersionOf(ResourceKind.ReferenceGrant, source) is not { } version)
            return;
        var id = new ProjectedId(version, ResourceKind.ReferenceGrant, ns, ProjectedNames.GrantOf(fromKind, fromNamespace, toKind, toName));
        if (run.Has(id))
            return;
        run.Add(new ObjectDraft
        {
            Id = id,
            Source = source,
            SourceGeneration = run.Sources.GetValueOrDefault(source),
            Tenant = toTenant,
            Content =
            [
                ("spec", new JsonObject
                {
                    ["from"] = new JsonArray(new JsonObject { ["group"] = ResourceKind.GatewayApiGroup, ["kind"] = fromKind, ["namespace"] = fromNamespace }),
                    ["to"] = new JsonArray(new JsonObject { ["group"] = "", ["kind"] = toKind, ["name"] = toName }),
                }),
            ],
        });
    }

    /// <summary>Adds the Secrets and ConfigMaps that were referred to.</summary>
    public void AddObjects()
    {
        foreach (var key in _used)
        {
            if (run.Find<ResolvedCertificate>(key) is { } certificate)
                AddSecret(certificate);
            else if (run.Find<ResolvedConfigMap>(key) is { Model.Problem: null } map && run.Namespaces.Admits(key.Tenant, key))
                AddConfigMap(map);
        }
    }

    private JsonObject Reference(ResourceKey key, string kind, string name, string fromKind, string fromNamespace, ResourceKey source)
    {
        var ns = run.Namespaces.Of(key.Tenant);
        _used.Add(key);
        var reference = new JsonObject { ["group"] = "", ["kind"] = kind, ["name"] = name };
        if (ns == fromNamespace)
            return reference;
        reference["namespace"] = ns;
        Grant(fromKind, fromNamespace, kind, key.Tenant, name, source);
        return reference;
    }

    private void AddSecret(ResolvedCertificate certificate)
    {
        run.Concerns(certificate.Resource);
        run.Add(new ObjectDraft
        {
            Id = new ProjectedId("v1", ResourceKind.Secret, run.Namespaces.Of(certificate.Key.Tenant), ProjectedNames.SecretOf(certificate.Key.Name)),
            Source = certificate.Key,
            SourceGeneration = certificate.Resource.Generation,
            Tenant = certificate.Key.Tenant,
            RepairsDrift = run.RepairsDrift(certificate.Resource),
            PrivateKeyOf = certificate.Key,
            Annotations = new Dictionary<string, string> { [KeyFingerprint] = certificate.Model.KeyFingerprint },
            Content =
            [
                ("type", JsonValue.Create("kubernetes.io/tls")),
                ("data", new JsonObject { ["tls.crt"] = Convert.ToBase64String(Encoding.ASCII.GetBytes(certificate.Model.ChainPem)) }),
            ],
        });
    }

    private void AddConfigMap(ResolvedConfigMap map)
    {
        run.Concerns(map.Resource);
        run.Add(new ObjectDraft
        {
            Id = new ProjectedId("v1", ResourceKind.ConfigMap, run.Namespaces.Of(map.Key.Tenant), ProjectedNames.ConfigMapOf(map.Key.Name)),
            Source = map.Key,
            SourceGeneration = map.Resource.Generation,
            Tenant = map.Key.Tenant,
            RepairsDrift = run.RepairsDrift(map.Resource),
            Content = [("data", new JsonObject { ["ca.crt"] = map.Model.CaPem })],
        });
    }
}
