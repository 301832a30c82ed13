using Gatehouse.Contracts.Api;
using Gatehouse.Gateway.Manifests;
using Gatehouse.Gateway.Resources;

namespace Gatehouse.Api.Import;

/// <summary>What an import did to an object; the greater value says more.</summary>
internal enum ImportAction
{
    None,
    Unchanged,
    Updated,
    Created,
}

/// <summary>One object of an import on its way into the database: the mapping's verdict, and what the stored state adds to it.</summary>
internal sealed class ImportEntry(ManifestOutcome outcome)
{
    private readonly List<string> _messages = [.. outcome.Messages];

    public Manifest Manifest => outcome.Manifest;

    public ManifestVerdict Verdict { get; private set; } = outcome.Verdict;

    public ImportAction Action { get; private set; }

    public IReadOnlyList<string> Messages => _messages;

    public IReadOnlyList<ManifestResource> Resources => outcome.Resources;

    /// <summary>Objects that the manifest speaks of, stored or not: what is theirs is not pruned with them.</summary>
    public IReadOnlyList<ResourceKey> Outdates => outcome.Outdates;

    public void Say(string message) => _messages.Add(message);

    public void Add(ManifestVerdict verdict, string message)
    {
        Verdict = verdict > Verdict ? verdict : Verdict;
        _messages.Add(message);
    }

    public void Did(ImportAction action) => Action = action > Action ? action : Action;

    public ImportedObject ToDocument() => new()
    {
        Kind = Manifest.Kind,
        Namespace = Manifest.IsClusterScoped ? null : Manifest.Namespace,
        Name = Manifest.Name,
        Verdict = Verdict.ToString().ToLowerInvariant(),
        Messages = Messages,
        Action = Action.ToString().ToLowerInvariant(),
        Line = Manifest.Line > 0 ? Manifest.Line : null,
    };
}
