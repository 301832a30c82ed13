namespace Gatehouse.Gateway.Ingresses;

/// <summary>What the paths of an Ingress make of rewrite-target and use-regex: the worst of them is the annotation's verdict.</summary>
internal sealed class RewriteOutcome
{
    private readonly SortedSet<string> differences = new(StringComparer.Ordinal);
    private readonly SortedSet<string> results = new(StringComparer.Ordinal);

    public string? Problem { get; private set; }

    public void Say(string result) => results.Add(result);

    public void Differ(string difference) => differences.Add(difference);

    public void Block(string problem) => Problem ??= problem;

    public bool IsExact => Problem is null && differences.Count == 0;

    public override string ToString() => Problem ?? string.Join(" ", results.Concat(differences));
}
