using System.Globalization;
using Gatehouse.Gateway.Resources;
using Gatehouse.Gateway.Validation;
using Gatehouse.Gateway.Validation.Kinds;

namespace Gatehouse.Gateway.Ingresses;

/// <summary>Makes the objects of one Ingress that is no canary: Hostnames, what annotations need, and one route for each host.</summary>
internal sealed class RouteAssembly(Ingress ingress, LocationTable table, IReadOnlySet<string> regexHosts)
{
    private const int MaxRules = 16;
    private const int MaxMatches = 64;
    private const int PermanentRedirect = 308;

    private readonly IngressSettings settings = ingress.Settings;
    private readonly RewriteOutcome outcome = new();
    private readonly List<IngressProduct> hostnames = [];
    private readonly List<IngressProduct> routes = [];

    public IReadOnlyList<IngressProduct> Build()
    {
        if (ingress.IsUnreadable)
        {
            RewriteVerdicts.Conclude(ingress, outcome);
            return [];
        }
        var isFirst = true;
        foreach (var host in Locations().GroupBy(location => location.Host ?? ""))
        {
            BuildHost(host.Key.Length == 0 ? null : host.Key, [.. host], isFirst ? settings.Aliases : []);
            isFirst = false;
        }
        if (routes.Count == 0 && !ingress.Notes.IsBlocked && outcome.Problem is null)
            ingress.Notes.Differ("/spec/rules", "Nothing is left to serve.");
        if (!settings.IsPassthrough)
            DescribeTls();
        RewriteVerdicts.Conclude(ingress, outcome);
        return [.. hostnames, .. settings.Extras, .. routes, .. BackendPolicies.Of(ingress, table.Of(ingress))];
    }

    /// <summary>defaultBackend serves what no path of the Ingress's hosts does; without rules it serves everything.</summary>
    private IEnumerable<IngressLocation> Locations()
    {
        var own = table.Of(ingress);
        if (ingress.Spec.DefaultBackend is not { } backend)
            return own;
        var path = new IngressPath("/", "Prefix", backend);
        var hosts = (ingress.Spec.Rules ?? []).Select(rule => rule.Host).Distinct().ToList();
        if (hosts.Count == 0)
            hosts.Add(null);
        return own.Concat(hosts.Where(host => !table.Serves(host, "/")).Select(host => new IngressLocation(ingress, host, path, "/spec/defaultBackend")));
    }

    private void BuildHost(string? host, IReadOnlyList<IngressLocation> locations, IReadOnlyList<string> aliases)
    {
        string[] names = host is null ? [] : [host, .. aliases];
        var claimable = AddHostnames(names);
        if (host is null)
            ingress.Notes.Differ("/spec/rules", "A rule without host serves every Hostname of this tenant, not every name that reaches the gateway.");
        if (settings.IsPassthrough)
        {
            BuildPassthrough(host, names, locations);
            return;
        }
        var name = ResourceNames.Of(ingress.Name, ResourceNames.Part(host));
        var redirects = settings.ForceSslRedirect || (settings.SslRedirect != false && host is not null && table.TlsHosts.Contains(host));
        if (redirects && !claimable)
            ingress.Notes.Differ("/spec/tls", "Plain HTTP is not redirected where no Hostname can stand for the host: it is served as well.");
        var split = redirects && claimable;
        IReadOnlyList<ParentReference>? parents = split ? [.. names.Select(hostname => ListenerOf(hostname, "https"))] : null;
        var matches = settings.IsGrpc ? AddGrpc(name, names, parents, locations) : AddHttp(name, names, parents, host, locations);
        if (split)
            AddTlsRedirect(name, names, matches);
        if (settings.RedirectsWww && host is not null)
            AddWwwRedirect(name, host);
    }

    private IReadOnlyList<HttpRouteMatch> AddHttp(string name, string[] names, IReadOnlyList<ParentReference>? parents, string? host, IReadOnlyList<IngressLocation> locations)
    {
        var isRegex = regexHosts.Contains(host ?? "") || locations.Any(LocationTable.MakesExpressions);
        var builder = new HttpRules(ingress, new PathTranslation(ingress, isRegex, outcome));
        // The longest path is asked first, which matters among expressions only.
        var ordered = isRegex ? locations.OrderByDescending(location => location.Path.Path.Length) : locations.AsEnumerable();
        var rules = ordered.SelectMany(builder.Of).ToList();
        if (builder.AppRoot(locations) is { } root)
            rules.Insert(0, root);
        foreach (var (part, index) in rules.Chunk(MaxRules).Select((part, index) => (part, index)))
            Add(ResourceKind.HttpRoute, Numbered(name, index), new HttpRouteSpec { ParentRefs = parents, Hostnames = names.Length == 0 ? null : names, Rules = part });
        return [.. rules.SelectMany(rule => rule.Matches ?? []).DistinctBy(match => (match.Path?.Type, match.Path?.Value)).Select(match => match with { Headers = null })];
    }

    private IReadOnlyList<HttpRouteMatch> AddGrpc(string name, string[] names, IReadOnlyList<ParentReference>? parents, IReadOnlyList<IngressLocation> locations)
    {
        var rules = locations.SelectMany(location => GrpcRules.Of(ingress, location)).ToList();
        foreach (var (part, index) in rules.Chunk(MaxRules).Select((part, index) => (part, index)))
            Add(ResourceKind.GrpcRoute, Numbered(name, index), new GrpcRouteSpec { ParentRefs = parents, Hostnames = names.Length == 0 ? null : names, Rules = part });
        return [.. locations.Select(location => new HttpRouteMatch { Path = new HttpPathMatch { Type = PathRules.Prefix, Value = location.Path.Path } })];
    }

    private void BuildPassthrough(string? host, string[] names, IReadOnlyList<IngressLocation> locations)
    {
        var root = locations.FirstOrDefault(location => location.Path.Path == "/");
        if (host is null || root is null)
        {
            ingress.Notes.Block("/spec/rules", "TLS is passed through by the host, to the backend of its path '/': write both.");
            return;
        }
        if (ingress.Reference(root.Path.Backend, root.Pointer + "/backend") is { } backend)
            Add(ResourceKind.TlsRoute, ResourceNames.Of(ingress.Name, ResourceNames.Part(host)), new TlsRouteSpec { Hostnames = names, Rules = [new StreamRouteRule { BackendRefs = [backend] }] });
    }

    private void AddTlsRedirect(string name, string[] names, IReadOnlyList<HttpRouteMatch> matches)
    {
        var rules = matches.Chunk(MaxMatches).Select(part => new HttpRouteRule
        {
            Matches = part,
            Filters = [new HttpRouteFilter { Type = "RequestRedirect", RequestRedirect = new HttpRequestRedirectFilter { Scheme = "https", StatusCode = PermanentRedirect } }],
        }).ToList();
        if (rules.Count > 0)
            Add(ResourceKind.HttpRoute, ResourceNames.Of(name, "to-https"), new HttpRouteSpec { ParentRefs = [.. names.Select(hostname => ListenerOf(hostname, "http"))], Hostnames = names, Rules = rules });
    }

    private void AddWwwRedirect(string name, string host)
    {
        const string Www = "www.";
        var other = host.StartsWith(Www, StringComparison.Ordinal) ? host[Www.Length..] : Www + host;
        if (host.StartsWith('*') || table.Knows(other) || !AddHostnames([other]))
            return;
        Add(ResourceKind.HttpRoute, ResourceNames.Of(name, "www"), new HttpRouteSpec
        {
            Hostnames = [other],
            Rules = [new HttpRouteRule { Filters = [new HttpRouteFilter { Type = "RequestRedirect", RequestRedirect = new HttpRequestRedirectFilter { Hostname = host, StatusCode = PermanentRedirect } }] }],
        });
    }

    /// <summary>Adds a claim for each name; whether all of them can be claimed.</summary>
    private bool AddHostnames(string[] names)
    {
        var claimable = names.Length > 0;
        foreach (var name in names)
        {
            if (ObjectNames.ValidateName(ResourceKind.Hostname, name) is [var problem, ..])
            {
                claimable = false;
                ingress.Notes.Differ("/spec/rules", $"No Hostname can claim this name: {problem.Message} Attach the route to a listener by parentRefs.");
            }
            else
            {
                hostnames.Add(new IngressProduct(new ResourceKey(ResourceKind.Hostname, ingress.Tenant, name), new HostnameSpec(), OnlyIfMissing: true));
            }
        }
        return claimable;
    }

    private void DescribeTls()
    {
        for (var i = 0; i < ingress.Spec.Tls?.Count; i++)
        {
            var secret = ingress.Spec.Tls[i].SecretName is { Length: > 0 } name ? $", such as the one that Secret '{name}' becomes: import it too if it is not here yet" : ": upload one";
            ingress.Notes.Say($"/spec/tls/{i.ToString(CultureInfo.InvariantCulture)}", $"TLS ends with a Certificate of this tenant that covers the host{secret}. Port 443 must be open to the tenant's Hostnames.");
        }
    }

    private void Add(string kind, string name, object spec)
    {
        foreach (var error in SpecValidator.Validate(kind, SpecJson.Write(spec)).Errors)
            ingress.Notes.Block("/spec/rules", $"{kind} `{name}` {error.Pointer}: {error.Message}");
        routes.Add(new IngressProduct(new ResourceKey(kind, ingress.Tenant, name), spec));
    }

    private static string Numbered(string name, int index) => index == 0 ? name : ResourceNames.Of(name, (index + 1).ToString("00", CultureInfo.InvariantCulture));

    /// <summary>A Hostname is a ListenerSet of its name, with the listeners http and https.</summary>
    private static ParentReference ListenerOf(string hostname, string section) => new() { Kind = ResourceKind.ListenerSet, Name = hostname, SectionName = section };
}
