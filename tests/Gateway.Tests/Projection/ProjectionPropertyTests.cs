using System.Globalization;
using System.Text;
using System.Text.Json;
using Gatehouse.Gateway.Compilation;
using Gatehouse.Gateway.Compilation.Attach;
using Gatehouse.Gateway.Projection;
using Gatehouse.Gateway.Resources;
using Gatehouse.Gateway.Tests.Compilation;
using Xunit;

namespace Gatehouse.Gateway.Tests.Projection;

/// <summary>What holds of every projection: sizes, stability, and that nothing serves what the compiler did not give.</summary>
public sealed class ProjectionPropertyTests
{
    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void Hostname_AddedToMany_ChangesAtMostTwoObjectsAndMovesNone(bool listenerSets)
    {
        var compiler = new IncrementalCompiler(new CompilerOptions());
        compiler.Apply([.. TestInputs.Read(Projections.Bootstrap).Inputs]);
        compiler.Apply(Wildcard("shop"));
        var input = Projections.Input(listenerSets: listenerSets);
        var order = Enumerable.Range(0, 80).Select(number => (number * 61) % 80).ToArray();
        ClusterProjection? last = null;
        foreach (var (number, place) in order.Select((number, place) => (number, place)))
        {
            compiler.Apply(Claimed($"h{number}.example.com", "shop", place));
            var next = ClusterProjector.Project(compiler.Snapshot.Resolved, input);
            if (last is not null && place > 0)
            {
                Assert.InRange(Differences(last, next).Count, 1, 2);
                foreach (var (scope, items) in last.Shards.Scopes)
                    Assert.All(items, item => Assert.Equal(item.Value, next.Shards.Scopes[scope][item.Key]));
                foreach (var (key, gateways) in last.GatewaysOf)
                    Assert.Equal(gateways, next.GatewaysOf[key]);
            }
            input = input with { Shards = next.Shards };
            last = next;
        }
        Assert.Equal(5, last!.Objects.Count(projected => projected.Id.Kind == "HTTPRoute"));
        AssertLimits(last);
    }

    [Fact]
    public void Hostname_DeletedAndOthersAdded_FillsItsPlaceAndMovesNone()
    {
        var compiler = new IncrementalCompiler(new CompilerOptions());
        compiler.Apply([.. TestInputs.Read(Projections.Bootstrap).Inputs]);
        compiler.Apply(Wildcard("shop"));
        for (var number = 0; number < 70; number++)
            compiler.Apply(Claimed($"h{number}.example.com", "shop", number));
        var input = Projections.Input(listenerSets: false);
        var first = ClusterProjector.Project(compiler.Snapshot.Resolved, input);
        input = input with { Shards = first.Shards };
        compiler.Apply([new ResourceRemoval(new ResourceKey(ResourceKind.Hostname, "shop", "h3.example.com"))]);
        compiler.Apply(Claimed("new.example.com", "shop", 100));

        var next = ClusterProjector.Project(compiler.Snapshot.Resolved, input);

        var gateways = next.Shards.Scopes["Gateway/platform/default"];
        Assert.Equal(0, gateways["Hostname/shop/new.example.com"]);
        Assert.All(first.Shards.Scopes["Gateway/platform/default"].Where(item => item.Key != "Hostname/shop/h3.example.com"), item => Assert.Equal(item.Value, gateways[item.Key]));
    }

    [Fact]
    public void Project_RandomConfigurations_ServesWhatTheCompilerGaveAndNothingElse()
    {
        for (var seed = 1; seed <= 40; seed++)
        {
            var random = new Random(seed);
            var (inputs, options) = TestInputs.Read(Projections.Bootstrap + "---\n" + RandomConfiguration(random));
            var snapshot = Compiler.Compile(inputs, options);
            var input = Projections.Input(listenerSets: seed % 2 == 0);

            var projection = ClusterProjector.Project(snapshot.Resolved, input);

            Assert.Equal(Granted(snapshot), Served(projection));
            AssertLimits(projection);
            // Projecting again, from what was remembered and in another order, gives the same bytes.
            var again = ClusterProjector.Project(Compiler.Compile([.. inputs.Reverse()], options).Resolved, input with { Shards = projection.Shards });
            Assert.Equal(projection.Objects.Select(Text), again.Objects.Select(Text));
        }
    }

    [Fact]
    public void Object_Projected_HasAllMarks()
    {
        var (_, projection) = Projections.Project("kind: Hostname\nmetadata: {name: a.example.com, namespace: shop}\n");

        Assert.NotEmpty(projection.Objects);
        Assert.All(projection.Objects, projected =>
        {
            var metadata = projected.Manifest["metadata"]!;
            Assert.Equal("gatehouse", (string?)metadata["labels"]![ObjectMarks.ManagedBy]);
            Assert.Equal("00000000-0000-0000-0000-000000000001", (string?)metadata["labels"]![ObjectMarks.Owner]);
            Assert.Equal(projected.Source.ToString(), (string?)metadata["annotations"]![ObjectMarks.Source]);
            Assert.Equal(projected.Hash, (string?)metadata["annotations"]![ObjectMarks.Hash]);
            Assert.Matches("^[0-9a-f]{64}$", projected.Hash);
        });
    }

    private static IReadOnlyCollection<InputChange> Wildcard(string tenant) => TestInputs.Changes($$"""
        kind: HTTPRoute
        metadata: {name: all, namespace: {{tenant}}, creationTimestamp: "2026-01-01T00:00:00Z"}
        spec: {rules: [{backendRefs: [{kind: Service, name: web, port: 80}]}]}
        """);

    private static IReadOnlyCollection<InputChange> Claimed(string hostname, string tenant, int minute) => TestInputs.Changes(
        $$"""
        kind: Hostname
        metadata: {name: {{hostname}}, namespace: {{tenant}}, creationTimestamp: "{{DateTimeOffset.UnixEpoch.AddMinutes(minute).ToString("O", CultureInfo.InvariantCulture)}}"}
        """);

    private static List<ProjectedId> Differences(ClusterProjection before, ClusterProjection after)
    {
        var last = before.Objects.ToDictionary(projected => projected.Id, projected => projected.Hash);
        var changed = after.Objects.Where(projected => !last.Remove(projected.Id, out var hash) || hash != projected.Hash).Select(projected => projected.Id).ToList();
        return [.. changed, .. last.Keys];
    }

    private static void AssertLimits(ClusterProjection projection) => Assert.All(projection.Objects, projected =>
    {
        var spec = projected.Manifest["spec"];
        Assert.InRange(spec?["listeners"]?.AsArray().Count ?? 1, 1, 64);
        Assert.InRange(spec?["hostnames"]?.AsArray().Count ?? 1, 1, 16);
        Assert.InRange(spec?["parentRefs"]?.AsArray().Count ?? 1, 1, 32);
        Assert.InRange(spec?["rules"]?.AsArray().Count ?? 1, 1, 16);
    });

    private static string Text(ProjectedObject projected) => projected.Manifest.ToJsonString();

    private static string RandomConfiguration(Random random)
    {
        string[] tenants = ["shop", "payments"];
        string[] names = ["a.example.com", "b.example.com", "*.example.com", "c.a.example.com", "*.a.example.com", "d.example.org"];
        var yaml = new StringBuilder("""
            kind: Gateway
            metadata: {name: wide, namespace: platform}
            spec: {gatewayClassName: edge, listeners: [{name: any, port: 80, protocol: HTTP, hostname: "*.example.com", allowedRoutes: {namespaces: {from: All}}}, {name: deep, port: 80, protocol: HTTP, hostname: "*.a.example.com", allowedRoutes: {namespaces: {from: All}}}]}
            """);
        foreach (var name in names)
        {
            if (random.Next(3) > 0)
                yaml.Append(CultureInfo.InvariantCulture, $"\n---\nkind: Hostname\nmetadata: {{name: \"{name}\", namespace: {tenants[random.Next(2)]}}}\n");
        }
        for (var number = 0; number < 8; number++)
        {
            var hostnames = string.Join(", ", names.Where(_ => random.Next(4) == 0).Select(name => $"\"{name}\""));
            string[] parents = ["", "parentRefs: [{name: wide, namespace: platform}], ", "parentRefs: [{name: wide, namespace: platform, sectionName: deep}], "];
            yaml.Append(CultureInfo.InvariantCulture, $$"""

                ---
                kind: HTTPRoute
                metadata: {name: r{{number}}, namespace: {{tenants[random.Next(2)]}}}
                spec: { {{parents[random.Next(3)]}}{{(hostnames.Length > 0 ? $"hostnames: [{hostnames}], " : "")}}rules: [{backendRefs: [{kind: Service, name: web, port: 80}]}]}
                """);
        }
        return yaml.ToString();
    }

    // (route, hostname of the listener, hostname in common) as the compiler decided.
    private static SortedSet<string> Granted(Snapshot snapshot)
    {
        var table = snapshot.Pools[ClusterPool.NameOf("eu1")].Table;
        return [.. table.Hosts.Values.SelectMany(host => host.Rules.Select(rule => $"{rule.Source.Tenant}/{rule.Source.Name} {table.Listeners[host.Listener].Hostname} {host.Hostname}"))];
    }

    // The same as a controller would find it from the objects alone, by Gateway API's rules.
    private static SortedSet<string> Served(ClusterProjection projection)
    {
        var parents = projection.Objects.Where(projected => projected.Id.Kind is "Gateway" or "ListenerSet")
            .ToDictionary(projected => (projected.Id.Kind, projected.Id.Namespace, projected.Id.Name), projected => projected.Manifest["spec"]!["listeners"]!.AsArray());
        var served = new SortedSet<string>(StringComparer.Ordinal);
        foreach (var route in projection.Objects.Where(projected => projected.Id.Kind == "HTTPRoute"))
        {
            var hostnames = route.Manifest["spec"]!["hostnames"]?.AsArray().Select(name => (string)name!).ToArray() ?? [HostnameSet.Any];
            foreach (var reference in route.Manifest["spec"]!["parentRefs"]!.AsArray())
            {
                var ns = (string?)reference!["namespace"] ?? route.Id.Namespace;
                foreach (var listener in parents[((string)reference["kind"]!, ns, (string)reference["name"]!)])
                {
                    var allowed = listener!["allowedRoutes"]!["namespaces"]!;
                    var admits = (string)allowed["from"]! == "Same" ? ns == route.Id.Namespace : JsonSerializer.Serialize(allowed).Contains($"\"{route.Id.Namespace}\"", StringComparison.Ordinal);
                    if (!admits || ((string?)reference["sectionName"] is { } section && section != (string)listener["name"]!))
                        continue;
                    var own = (string?)listener["hostname"] ?? HostnameSet.Any;
                    foreach (var common in hostnames.Select(hostname => HostnameSet.Intersect(own, hostname)).OfType<string>())
                        served.Add($"{route.Source.Tenant}/{route.Source.Name} {(own == HostnameSet.Any ? "" : own)} {common}");
                }
            }
        }
        return served;
    }
}
