using System.Text.Json.Nodes;
using Gatehouse.Gateway.Compilation.Resolved;
using Gatehouse.Gateway.Resources;

namespace Gatehouse.Gateway.Projection.Gateways;

/// <summary>
/// Redirects of Hostnames' plain HTTP. Each becomes an HTTPRoute, alone at its listener: a route beside it would win wherever its matches are
/// more specific (https://gateway-api.sigs.k8s.io/guides/http-redirect-rewrite/#http-to-https-redirects).
/// </summary>
internal sealed class RedirectProjection(ProjectionRun run)
{
    private const string Feature = "HTTPRouteSchemeRedirect";

    private readonly List<(ResolvedListener Listener, ListenerPlace Place, GatewayPlan Plan)> _redirects = [];

    /// <summary>Whether a listener's plain HTTP is redirected in the cluster: the HTTPS listener that it leads to must be there.</summary>
    public static bool Redirects(ResolvedListener listener, ResolvedSource source) =>
        listener.Model.HttpsRedirect is { } redirect && source.Listeners.Any(other => other.Model.Id == redirect.Listener && other.Serves && !other.Model.IsWithoutCertificate);

    /// <summary>Notes a listener that redirects, and nothing else.</summary>
    public void Add(ResolvedListener listener, ListenerPlace place, GatewayPlan plan) => _redirects.Add((listener, place, plan));

    public void AddObjects()
    {
        foreach (var group in _redirects.GroupBy(static redirect => redirect.Listener.Model.Source).OrderBy(static group => group.Key))
            Write(group.Key, [.. group]);
    }

    private void Write(ResourceKey source, IReadOnlyList<(ResolvedListener Listener, ListenerPlace Place, GatewayPlan Plan)> redirects)
    {
        if (run.IsRefused(source) || run.VersionOf(ResourceKind.HttpRoute, source) is not { } version || run.Find<ResolvedSource>(source) is not { } resolved)
            return;
        var (plan, ns) = (redirects[0].Plan, run.Namespaces.Of(source.Tenant));
        if (plan.Target.GatewayClassName is { } name && run.Input.Capabilities.Classes.TryGetValue(name, out var features) && features.Count > 0 && !features.Contains(Feature))
        {
            run.Report(source, ProblemSeverity.Approximate, ProjectionReasons.FeatureNotSupported,
                $"GatewayClass `{name}` of cluster `{run.Cluster.Name}` does not list {Feature}, which httpsRedirect asks for: its controller may not act on it. Remove it, or use a class that has it.");
        }
        var filter = new JsonObject { ["type"] = "RequestRedirect", ["requestRedirect"] = new JsonObject { ["scheme"] = "https", ["statusCode"] = 301 } };
        var match = new JsonObject { ["path"] = new JsonObject { ["type"] = "PathPrefix", ["value"] = "/" } };
        var spec = new JsonObject
        {
            ["parentRefs"] = new JsonArray([.. redirects.Select(redirect => ParentOf(redirect.Place, ns))]),
            ["hostnames"] = new JsonArray(source.Name),
            ["rules"] = new JsonArray(new JsonObject { ["matches"] = new JsonArray(match), ["filters"] = new JsonArray(filter) }),
        };
        run.Fields.Prune(ResourceKind.HttpRoute, spec, "spec", source);
        var id = new ProjectedId(version, ResourceKind.HttpRoute, ns, ProjectedNames.RedirectOf(source.Name));
        if (!run.IsRefused(source))
            run.Add(plan.Draft(run, id, resolved.Resource, source.Tenant, issues: false) with { Annotations = plan.Target.Annotations?.Routes ?? new Dictionary<string, string>(), Content = [("spec", spec)] });
    }

    private static JsonObject ParentOf(ListenerPlace place, string ns)
    {
        var reference = new JsonObject { ["group"] = ResourceKind.GatewayApiGroup, ["kind"] = place.Parent.Kind, ["name"] = place.Parent.Name };
        if (place.Parent.Namespace != ns)
            reference["namespace"] = place.Parent.Namespace;
        reference["sectionName"] = place.Section;
        return reference;
    }
}
