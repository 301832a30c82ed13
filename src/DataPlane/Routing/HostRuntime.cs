using Gatehouse.Gateway.Matching;

namespace Gatehouse.DataPlane.Routing;

/// <summary>A host entry, made ready to serve.</summary>
internal sealed class HostRuntime : IMatchableHost
{
    private readonly RuleRuntime[] _rules;

    /// <exception cref="MatchTableException">The entry cannot be used.</exception>
    public HostRuntime(HostEntry entry)
    {
        Matcher = new HostMatcher(entry);
        _rules = [.. entry.Rules.Select(Ready)];
    }

    /// <summary>What is wrong with rules that fail closed; null: nothing.</summary>
    public string? Problem { get; private set; }

    public HostMatcher Matcher { get; }

    public IReadOnlyList<RuleRuntime> Rules => _rules;

    public RuleRuntime RuleOf(int matchIndex) => _rules[Matcher.Entry.Matches[matchIndex].Rule];

    // Routes of several tenants may share a host: a rule that cannot run must hold up no other.
    private RuleRuntime Ready(CompiledRule rule)
    {
        try
        {
            return new RuleRuntime(rule);
        }
        catch (MatchTableException failure)
        {
            var closed = new RuleRuntime(new CompiledRule { Source = rule.Source, FixedStatus = StatusCodes.Status500InternalServerError });
            Problem ??= $"rule {closed.Id} answers 500: {failure.Message}";
            return closed;
        }
    }
}
