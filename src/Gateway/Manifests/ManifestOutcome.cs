using Gatehouse.Gateway.Resources;

namespace Gatehouse.Gateway.Manifests;

/// <summary>What becomes of a manifest; the greater value is the worse.</summary>
public enum ManifestVerdict
{
    /// <summary>It means here what it meant there.</summary>
    Exact,

    /// <summary>Stored, with a difference that the messages name.</summary>
    Approximate,

    /// <summary>Nothing to do for Gatehouse: the messages say why.</summary>
    Ignored,

    /// <summary>Not stored: the messages say what to change.</summary>
    Refused,
}

/// <summary>A manifest, what it becomes, and why.</summary>
/// <param name="Manifest">As it was read.</param>
/// <param name="Verdict">Verdict.</param>
/// <param name="Messages">Reasons, for the person who wrote the manifest.</param>
/// <param name="Resources">Objects to store; several for kinds that are translated.</param>
public sealed record ManifestOutcome(Manifest Manifest, ManifestVerdict Verdict, IReadOnlyList<string> Messages, IReadOnlyList<ManifestResource> Resources)
{
    /// <summary>
    /// Objects that the manifest speaks of although it stores nothing: one that the same source stored before is outdated and goes.
    /// </summary>
    public IReadOnlyList<ResourceKey> Outdates { get; init; } = [];
}

/// <summary>An object to store.</summary>
/// <param name="Key">Identity; the tenant is the namespace, or the platform for classes.</param>
/// <param name="Labels">Labels.</param>
/// <param name="Annotations">Annotations.</param>
/// <param name="Spec">Valid, typed spec.</param>
public sealed record ManifestResource(
    ResourceKey Key, IReadOnlyDictionary<string, string> Labels, IReadOnlyDictionary<string, string> Annotations, object Spec)
{
    /// <summary>The private key that came with a certificate.</summary>
    public PrivateKeyText? PrivateKey { get; init; }

    /// <summary>Several manifests may need it, or people may have written it: one that exists stays as it is, and the manifest is worth storing without it.</summary>
    public bool OnlyIfMissing { get; init; }
}

/// <summary>PEM of a private key, which shows itself only when asked.</summary>
public sealed class PrivateKeyText(string pem)
{
    /// <summary>The PEM.</summary>
    public string Reveal() => pem;

    /// <inheritdoc />
    public override string ToString() => "***";
}
