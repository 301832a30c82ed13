using System.Text.Json;
using System.Text.Json.Nodes;
using Gatehouse.Gateway.Compilation;
using Gatehouse.Gateway.Resources;
using Gatehouse.Gateway.Validation;
using YamlDotNet.Serialization;

namespace Gatehouse.Gateway.Tests.Compilation;

/// <summary>
/// Reads compiler inputs from multi-document YAML: Gateway API objects as upstream writes them, Namespaces as tenants, and four
/// kinds of our own: Claim {hostname, tenant, state}, Challenge {hostname, tenant, type, token}, Options {hostnameVerification}, Bare (leaves out the built-in class and Gateway).
/// A Hostname is claimed and verified unless a Claim says otherwise. Objects are one minute younger from document to document.
/// </summary>
internal static class TestInputs
{
    public const string Bootstrap = """
        kind: GatewayClass
        metadata: {name: gatehouse, creationTimestamp: "2026-01-01T00:00:00Z"}
        spec: {controllerName: gatehouse.dev/gateway-controller}
        ---
        kind: Gateway
        metadata: {name: default, namespace: platform, creationTimestamp: "2026-01-01T00:00:00Z"}
        spec:
          gatewayClassName: gatehouse
          listeners: [{name: http, port: 80, protocol: HTTP}]
          allowedListeners: {namespaces: {from: All}}
        """;

    private static readonly DateTimeOffset FirstDay = new(2026, 1, 2, 0, 0, 0, TimeSpan.Zero);

    private static readonly IDeserializer Yaml = new DeserializerBuilder().WithAttemptingUnquotedStringTypeDeserialization().Build();

    /// <summary>Inputs and options of a set of documents.</summary>
    public static (IReadOnlyList<InputChange> Inputs, CompilerOptions Options) Read(string yaml)
    {
        var documents = Documents(yaml).ToArray();
        if (!documents.Any(document => KindOf(document) == "Bare"))
            documents = [.. Documents(Bootstrap), .. documents];
        var options = new CompilerOptions();
        var inputs = new List<InputChange>();
        for (var i = 0; i < documents.Length; i++)
        {
            if (KindOf(documents[i]) == "Options")
                options = options with { HostnameVerification = documents[i]["hostnameVerification"]!.GetValue<bool>() };
            else if (KindOf(documents[i]) != "Bare")
                inputs.Add(Change(documents[i], FirstDay.AddMinutes(i)));
        }
        // The last document on an object is the one that counts, so a case may replace the built-in class or Gateway.
        var distinct = inputs.AsEnumerable().Reverse().DistinctBy(input => input is ResourceUpsert upsert ? (object)upsert.Resource.Key : input).Reverse().ToList();
        return ([.. distinct, .. ImpliedClaims(distinct)], options);
    }

    /// <summary>Inputs of documents, as changes to something that is there.</summary>
    public static IReadOnlyList<InputChange> Changes(string yaml) => Read("kind: Bare\n---\n" + yaml).Inputs;

    public static Snapshot Compile(string yaml)
    {
        var (inputs, options) = Read(yaml);
        return Compiler.Compile(inputs, options);
    }

    public static IEnumerable<JsonObject> Documents(string yaml) =>
        yaml.Split("\n---\n").Select(text => Yaml.Deserialize<object?>(text)).OfType<object>().Select(document => (JsonObject)Json(document)!);

    private static string KindOf(JsonObject document) => document["kind"]!.GetValue<string>();

    private static IEnumerable<InputChange> ImpliedClaims(List<InputChange> inputs)
    {
        var stated = inputs.OfType<ClaimUpsert>().Select(claim => (claim.Claim.Hostname, claim.Claim.Tenant)).ToHashSet();
        return inputs.OfType<ResourceUpsert>().Select(upsert => upsert.Resource.Key)
            .Where(key => key.Kind == ResourceKind.Hostname && !stated.Contains((key.Name, key.Tenant)))
            .Select(key => new ClaimUpsert(new HostnameClaim(key.Name, key.Tenant, ClaimState.Verified)));
    }

    private static InputChange Change(JsonObject document, DateTimeOffset age)
    {
        switch (KindOf(document))
        {
            case "Namespace":
                return new TenantUpsert(new TenantInfo(Meta(document, "name"), Labels(document)));
            case "Claim":
                return new ClaimUpsert(new HostnameClaim(
                    document["hostname"]!.GetValue<string>(), document["tenant"]!.GetValue<string>(), Enum.Parse<ClaimState>(document["state"]?.GetValue<string>() ?? "Verified")));
            case "Challenge":
                return new ChallengeUpsert(new HostnameChallenge(
                    document["tenant"]!.GetValue<string>(), document["hostname"]!.GetValue<string>(), document["type"]!.GetValue<string>(),
                    document["token"]!.GetValue<string>(), document["token"]!.GetValue<string>() + ".thumbprint"));
            default:
                return new ResourceUpsert(Object(document, age));
        }
    }

    private static Resource Object(JsonObject document, DateTimeOffset age)
    {
        var kind = KindOf(document);
        var key = new ResourceKey(kind, document["metadata"]!["namespace"]?.GetValue<string>() ?? ResourceKind.PlatformTenant, Meta(document, "name"));
        var created = document["metadata"]!["creationTimestamp"] is { } stamp ? DateTimeOffset.Parse(stamp.ToString(), System.Globalization.CultureInfo.InvariantCulture) : age;
        var generation = document["metadata"]!["generation"] is { } number ? long.Parse(number.ToString(), System.Globalization.CultureInfo.InvariantCulture) : 1;
        var placed = document["metadata"]!["placedByPlatform"] is { } flag && flag.GetValue<bool>();
        return Typed(SpecJson.Read(kind, JsonSerializer.SerializeToElement(SpecOf(document))), key, generation, created) with { PlacedByPlatform = placed, Annotations = Map(document, "annotations") };
    }

    // `certificate: NAME` and `authorities: NAME` of our own stand for PEM that the tests carry.
    private static JsonNode SpecOf(JsonObject document)
    {
        if (document["data"] is { } data)
            return new JsonObject { ["data"] = data.DeepClone() };
        if (document["certificate"] is { } certificate)
            return new JsonObject { ["certificate"] = TestCertificates.Pem(certificate.GetValue<string>()) };
        if (document["authorities"] is { } authorities)
            return new JsonObject { ["data"] = new JsonObject { ["ca.crt"] = TestCertificates.Pem(authorities.GetValue<string>()) } };
        return document["spec"]?.DeepClone() ?? new JsonObject();
    }

    private static Resource Typed(object spec, ResourceKey key, long generation, DateTimeOffset created) => spec switch
    {
        GatewayClassSpec typed => With(typed, key, generation, created),
        GatewaySpec typed => With(typed, key, generation, created),
        ListenerSetSpec typed => With(typed, key, generation, created),
        HttpRouteSpec typed => With(typed, key, generation, created),
        GrpcRouteSpec typed => With(typed, key, generation, created),
        ServiceSpec typed => With(typed, key, generation, created),
        BackendTlsPolicySpec typed => With(typed, key, generation, created),
        ReferenceGrantSpec typed => With(typed, key, generation, created),
        BackendSpec typed => With(typed, key, generation, created),
        HostnameSpec typed => With(typed, key, generation, created),
        TlsRouteSpec typed => With(typed, key, generation, created),
        TcpRouteSpec typed => With(typed, key, generation, created),
        UdpRouteSpec typed => With(typed, key, generation, created),
        CertificateSpec typed => With(typed, key, generation, created),
        ConfigMapSpec typed => With(typed, key, generation, created),
        ClusterSpec typed => With(typed, key, generation, created),
        ClusterNamespaceSpec typed => With(typed, key, generation, created),
        _ => throw new ArgumentException(key.Kind),
    };

    private static Resource<T> With<T>(T spec, ResourceKey key, long generation, DateTimeOffset created)
        where T : class => new() { Key = key, Spec = spec, Generation = generation, CreatedAt = created };

    private static string Meta(JsonObject document, string field) => document["metadata"]![field]!.ToString();

    private static Dictionary<string, string> Labels(JsonObject document) => Map(document, "labels");

    private static Dictionary<string, string> Map(JsonObject document, string field) =>
        (document["metadata"]![field] as JsonObject ?? []).ToDictionary(label => label.Key, label => label.Value!.ToString());

    private static JsonNode? Json(object? value) => value switch
    {
        null => null,
        IDictionary<object, object> map => new JsonObject(map.Select(entry => KeyValuePair.Create(entry.Key.ToString()!, Json(entry.Value)))),
        IEnumerable<object> list => new JsonArray([.. list.Select(Json)]),
        _ => JsonSerializer.SerializeToNode(value),
    };
}
