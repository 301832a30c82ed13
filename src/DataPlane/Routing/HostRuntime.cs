using Gatehouse.Gateway.Matching;

namespace Gatehouse.DataPlane.Routing;

/// <summary>A host entry, made ready to serve.</summary>
internal sealed class HostRuntime
{
    private readonly RuleRuntime[] _rules;

    /// <exception cref="MatchTableException">The entry cannot be used.</exception>
    public HostRuntime(HostEntry entry)
    {
        Matcher = new HostMatcher(entry);
        _rules = [.. entry.Rules.Select(rule => new RuleRuntime(rule))];
    }

    public HostMatcher Matcher { get; }

    public IReadOnlyList<RuleRuntime> Rules => _rules;

    public RuleRuntime RuleOf(int matchIndex) => _rules[Matcher.Entry.Matches[matchIndex].Rule];
}
