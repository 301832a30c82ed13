using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;
using Gatehouse.Gateway.Ingresses;
using Gatehouse.Gateway.Validation;
using YamlDotNet.Serialization;

namespace Gatehouse.Gateway.Tests.Ingresses;

/// <summary>Reads Ingresses, IngressClasses and Services from multi-document YAML, tenant by tenant, and writes what becomes of them.</summary>
internal static class IngressDocuments
{
    private static readonly IDeserializer Yaml = new DeserializerBuilder().WithAttemptingUnquotedStringTypeDeserialization().Build();
    private static readonly JsonSerializerOptions Indented = new() { WriteIndented = true, Encoder = System.Text.Encodings.Web.JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    public static IReadOnlyDictionary<string, IngressSet> Read(string yaml)
    {
        var documents = yaml.Split("\n---\n").Select(text => Yaml.Deserialize<object?>(text)).OfType<object>().Select(document => (JsonObject)Json(document)!).ToList();
        var controllers = documents.Where(document => Kind(document) == "IngressClass").ToDictionary(Name, document => document["spec"]!["controller"]!.GetValue<string>());
        return documents.Where(document => Kind(document) == "Ingress").GroupBy(document => Meta(document, "namespace") ?? "default").ToDictionary(group => group.Key, group => new IngressSet
        {
            Ingresses = [.. group.Select(Ingress)],
            Controllers = controllers,
            ServicePorts = documents.Where(document => Kind(document) == "Service" && (Meta(document, "namespace") ?? "default") == group.Key)
                .SelectMany(document => document["spec"]!["ports"]!.AsArray().Select(port => (Key: (Name(document), port!["name"]!.GetValue<string>()), Value: (int)port["port"]!.GetValue<long>())))
                .ToDictionary(port => port.Key, port => port.Value),
        });
    }

    public static string Write(IReadOnlyList<IngressOutcome> outcomes) => JsonSerializer.Serialize(outcomes.Select(outcome => new
    {
        ingress = outcome.Ingress.Name,
        verdict = outcome.Verdict.ToString(),
        remarks = outcome.Remarks.Select(remark => $"{remark.Pointer}: {remark.Verdict}: {remark.Message}"),
        products = outcome.Products.Select(product => new { key = product.Key.ToString() + (product.OnlyIfMissing ? " (if missing)" : ""), spec = SpecJson.Write(product.Spec) }),
    }), Indented) + "\n";

    private static IngressObject Ingress(JsonObject document) => new(
        Name(document),
        Map(document, "labels"),
        Map(document, "annotations"),
        Meta(document, "creationTimestamp") is { } stamp ? DateTimeOffset.Parse(stamp, CultureInfo.InvariantCulture) : null,
        JsonSerializer.SerializeToElement(document["spec"] ?? new JsonObject()));

    private static string Kind(JsonObject document) => document["kind"]!.GetValue<string>();

    private static string Name(JsonObject document) => Meta(document, "name")!;

    private static string? Meta(JsonObject document, string field) => document["metadata"]![field]?.ToString();

    private static Dictionary<string, string> Map(JsonObject document, string field) =>
        document["metadata"]![field]?.AsObject().ToDictionary(entry => entry.Key, entry => entry.Value!.ToString()) ?? [];

    private static JsonNode? Json(object? value) => value switch
    {
        null => null,
        IDictionary<object, object?> map => new JsonObject(map.Select(entry => KeyValuePair.Create(entry.Key.ToString()!, Json(entry.Value)))),
        IEnumerable<object?> list => new JsonArray([.. list.Select(Json)]),
        string text => JsonValue.Create(text),
        bool flag => JsonValue.Create(flag),
        _ => JsonValue.Create(Convert.ToInt64(value, CultureInfo.InvariantCulture)),
    };
}
