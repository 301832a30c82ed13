using Gatehouse.Gateway.Compilation.Attach;
using Gatehouse.Gateway.Compilation.Conditions;
using Gatehouse.Gateway.Compilation.Normalize;
using Gatehouse.Gateway.Compilation.Order;
using Gatehouse.Gateway.Compilation.Resolve;
using Gatehouse.Gateway.Compilation.Validate;
using Gatehouse.Gateway.Resources;

namespace Gatehouse.Gateway.Compilation.Incremental;

/// <summary>Runs the passes over one HTTPRoute.</summary>
internal static class RouteCompiler
{
    private static readonly IReadOnlyList<HttpRouteRule> DefaultRules = [new HttpRouteRule()];

    private static readonly string[] AnyHostname = [HostnameSet.Any];

    private static readonly Verdict NotOurs = Verdict.Unknown(
        Reasons.Accepted,
        Reasons.Pending,
        "No parentRef names a Gateway or ListenerSet that is served here: the Gateway's class is missing or another controller's.");

    public static CompiledRoute Compile(Resource<HttpRouteSpec> route, Reads reads)
    {
        var rules = RulesOf(route, reads);
        var hostnames = HostnamesOf(route.Spec);
        var attacher = new RouteAttacher(route.Key, hostnames, reads);
        var implied = route.Spec.ParentRefs is not { Count: > 0 };
        var parents = implied ? ImpliedParents(route.Key.Tenant, hostnames, attacher, reads) : NamedParents(route, attacher, reads);
        var hosts = DistinctOf(parents, parent => parent.Hosts);
        Array.Sort(hosts);
        return new CompiledRoute
        {
            Key = route.Key,
            CreatedAt = route.CreatedAt,
            Generation = route.Generation,
            Rules = rules,
            Parents = parents,
            ParentsAreImplied = implied,
            NoParents = parents.Count > 0 ? null : implied ? NoHostname(route.Key.Tenant, hostnames) : NotOurs,
            Hosts = hosts,
            Attached = rules.Refused is null ? DistinctOf(parents, parent => parent.Listeners) : [],
        };
    }

    private static T[] DistinctOf<T>(List<ParentAttachment> parents, Func<ParentAttachment, IReadOnlyList<T>> select)
    {
        if (parents is [var only] && select(only) is { Count: <= 1 } few)
            return [.. few];
        return [.. parents.SelectMany(select).Distinct()];
    }

    private static CompiledRules RulesOf(Resource<HttpRouteSpec> route, Reads reads)
    {
        var written = route.Spec.Rules is { Count: > 0 } rules ? rules : DefaultRules;
        var regexes = new RegexBudget();
        var results = written.Select((rule, index) => RuleCompiler.Compile(route, rule, index, regexes, reads)).ToArray();
        var matches = results.SelectMany(result => result.Matches).ToArray();
        Array.Sort(matches, MatchPrecedence.CompareWithin);
        return new CompiledRules
        {
            Rules = [.. results.Select(result => result.Rule)],
            Matches = matches,
            Backends = TargetsOf(results),
            ResolvedRefs = RouteValidator.ResolvedRefsOf(results),
            Refused = RouteValidator.RefusedOf(results),
            PartiallyInvalid = RouteValidator.PartiallyInvalidOf(results),
            UnsupportedFields = RouteValidator.UnsupportedFieldsOf(written, reads.Options.Capabilities),
        };
    }

    private static BackendTarget[] TargetsOf(RuleResult[] rules) => rules is [{ Targets: { Count: <= 1 } few }]
        ? [.. few]
        : [.. rules.SelectMany(rule => rule.Targets).DistinctBy(target => target.Key).OrderBy(target => target.Key, StringComparer.Ordinal)];

    private static string[] HostnamesOf(HttpRouteSpec spec) =>
        spec.Hostnames is { Count: > 0 } hostnames ? [.. hostnames.Select(hostname => hostname.ToLowerInvariant()).Distinct()] : AnyHostname;

    // Without parentRefs a route attaches to each Hostname of its tenant that it has names in common with.
    private static List<ParentAttachment> ImpliedParents(string tenant, string[] hostnames, RouteAttacher attacher, Reads reads)
    {
        var parents = new List<ParentAttachment>();
        foreach (var hostname in reads.HostnamesOf(tenant, hostnames))
        {
            var reference = new ParentReference { Group = ResourceKind.GatewayApiGroup, Kind = ResourceKind.ListenerSet, Name = hostname.Key.Name };
            if (attacher.Attach(reference, hostname) is { } parent)
                parents.Add(parent);
        }
        return parents;
    }

    private static List<ParentAttachment> NamedParents(Resource<HttpRouteSpec> route, RouteAttacher attacher, Reads reads)
    {
        var parents = new List<ParentAttachment>();
        foreach (var reference in route.Spec.ParentRefs!)
        {
            var kind = reference.Kind ?? ResourceKind.Gateway;
            if ((reference.Group ?? ResourceKind.GatewayApiGroup) != ResourceKind.GatewayApiGroup || kind is not (ResourceKind.Gateway or ResourceKind.ListenerSet))
                continue;
            if (attacher.Attach(reference, reads.Parent(kind, reference.Namespace ?? route.Key.Tenant, reference.Name)) is { } parent)
                parents.Add(parent);
        }
        return parents;
    }

    private static Verdict NoHostname(string tenant, string[] hostnames) => Verdict.False(
        Reasons.Accepted,
        Reasons.NoMatchingParent,
        hostnames is [HostnameSet.Any]
            ? $"Tenant `{tenant}` has no Hostname: claim one first, or name parentRefs."
            : $"Claim `{hostnames[0]}` first: tenant `{tenant}` has no Hostname that the route's hostnames are part of.");
}
