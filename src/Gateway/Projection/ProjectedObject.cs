using System.Text.Json.Nodes;
using Gatehouse.Gateway.Resources;

namespace Gatehouse.Gateway.Projection;

/// <summary>Identity of an object in a cluster.</summary>
/// <param name="ApiVersion"><c>group/version</c>, or <c>v1</c> for core kinds.</param>
/// <param name="Kind">Kind.</param>
/// <param name="Namespace">Namespace; null: a kind of the whole cluster.</param>
/// <param name="Name">Name.</param>
public sealed record ProjectedId(string ApiVersion, string Kind, string? Namespace, string Name) : IComparable<ProjectedId>
{
    /// <inheritdoc />
    public int CompareTo(ProjectedId? other)
    {
        if (other is null)
            return 1;
        var order = string.CompareOrdinal(Namespace, other.Namespace);
        if (order == 0)
            order = string.CompareOrdinal(Kind, other.Kind);
        return order != 0 ? order : string.CompareOrdinal(Name, other.Name);
    }

    /// <summary><c>Kind namespace/name</c>.</summary>
    public override string ToString() => Namespace is null ? $"{Kind} {Name}" : $"{Kind} {Namespace}/{Name}";
}

/// <summary>An object as a cluster should have it: the whole intent of server-side apply. Equal input gives byte-identical objects.</summary>
public sealed class ProjectedObject
{
    /// <summary>Identity.</summary>
    public required ProjectedId Id { get; init; }

    /// <summary>The manifest, labels and annotations included; defaults are written out. Not to be changed.</summary>
    public required JsonObject Manifest { get; init; }

    /// <summary>The stored object that it is made of; statuses and problems are told to that one.</summary>
    public required ResourceKey Source { get; init; }

    /// <summary>Generation of the source.</summary>
    public required long SourceGeneration { get; init; }

    /// <summary>SHA-256 of the manifest, hexadecimal; also its annotation <see cref="ObjectMarks.Hash"/>.</summary>
    public required string Hash { get; init; }

    /// <summary>Whether what others change is put right; otherwise it is shown only.</summary>
    public bool RepairsDrift { get; init; } = true;

    /// <summary>Whether the weights of backendRefs are another controller's: they are read back before each apply.</summary>
    public bool ExternalWeights { get; init; }

    /// <summary>Secrets: the certificate whose private key goes into <c>data["tls.key"]</c> at the moment of writing; it is no part of manifest and hash.</summary>
    public ResourceKey? PrivateKeyOf { get; init; }

    /// <summary>Namespaces: only applied where there is none; never forced.</summary>
    public bool IsNamespace => Id.Kind == "Namespace";
}

/// <summary>What marks an object in a cluster as ours.</summary>
public static class ObjectMarks
{
    /// <summary>Field manager of server-side apply.</summary>
    public const string FieldManager = "gatehouse";

    /// <summary>Label that all our objects have, with the value <see cref="FieldManager"/>.</summary>
    public const string ManagedBy = "app.kubernetes.io/managed-by";

    /// <summary>Label with the id of the Cluster object: tells two installations that write to one cluster apart.</summary>
    public const string Owner = "gatehouse.dev/owner";

    /// <summary>Label with the tenant.</summary>
    public const string Tenant = "gatehouse.dev/tenant";

    /// <summary>Annotation with the stored object that it is made of: <c>Kind/tenant/name</c>.</summary>
    public const string Source = "gatehouse.dev/source";

    /// <summary>Annotation with the hash of the intent that was applied last.</summary>
    public const string Hash = "gatehouse.dev/hash";

    /// <summary>Annotation of a stored route: <c>external</c> leaves the weights to another controller.</summary>
    public const string Weights = "gatehouse.dev/weights";

    /// <summary>Annotation of a stored object: <c>repair</c> or <c>report</c>.</summary>
    public const string Drift = "gatehouse.dev/drift";
}
