using System.Globalization;
using System.Text.Json.Nodes;

namespace Gatehouse.Gateway.Tests.Validation;

/// <summary>Makes specs that are nearly right: merges valid ones and changes a few places. Equal seeds give equal specs.</summary>
internal sealed class SpecMutator(string kind, int seed)
{
    private static readonly string[] Junk =
    [
        "null", "true", "0", "-1", "1", "80", "65536", "1.5", "2147483648", "9223372036854775808", "1e400", "[]", "{}", "[null]", "[[[[1]]]]",
        "\"\"", "\"*\"", "\"/\"", "\"a\"", "\"A\"", "\"a.b\"", "\"a/b\"", "\"-\"", "\"a b\"", "\"10s\"", "\"1.2.3.4\"", "\"::1\"", "\"http://a\"",
        "\"Exact\"", "\"CORS\"", "\"Terminate\"", "\"Passthrough\"", "\"HTTPS\"", "\"TLS\"", "\"TCP\"", "\"Selector\"", "\"Service\"", "\"Hostname\"", "\"GRPC\"",
        "\"Permanent\"", "\"PathPrefix\"", "\"ReplacePrefixMatch\"", "\"//\"", "\"\\u0000\"", "\"\\ud83d\\ude00\"", "\"\\n\"", "\"\\u202e\"", "{\"name\":\"a\"}", "{\"type\":\"Exact\"}",
    ];

    private readonly Random random = new(seed);
    private readonly List<string> valid = CrdCases.Read(kind).Where(one => one.Verdict == Verdict.Both && one.Spec.Length < 4_000).Select(one => one.Spec).ToList();

    /// <summary>The next spec, and whether it was changed beyond merging.</summary>
    public JsonNode Next()
    {
        var spec = Pick();
        for (var merges = random.Next(3); merges > 0; merges--)
            Merge(spec, Pick());
        for (var changes = random.Next(3); changes > 0; changes--)
            Change(spec);
        return spec;
    }

    private JsonObject Pick() => JsonNode.Parse(valid[random.Next(valid.Count)])!.AsObject();

    private static void Merge(JsonNode into, JsonNode from)
    {
        if (into is JsonObject target && from is JsonObject source)
        {
            foreach (var (name, value) in source.ToList())
            {
                if (target[name] is { } present && value is not null)
                    Merge(present, value);
                else if (!target.ContainsKey(name))
                    target[name] = value?.DeepClone();
            }
        }
        if (into is JsonArray { Count: > 0 } list && from is JsonArray { Count: > 0 } other && list[0] is { } first && other[0] is { } second)
            Merge(first, second);
    }

    private void Change(JsonNode spec)
    {
        var places = new List<JsonNode>();
        Collect(spec, places);
        if (places.Count == 0)
            return;
        var place = places[random.Next(places.Count)];
        if (place is JsonObject fields)
            ChangeObject(fields, places);
        else if (place is JsonArray list)
            ChangeList(list, places);
    }

    private void ChangeObject(JsonObject fields, List<JsonNode> places)
    {
        var name = fields.Count > 0 ? fields.ElementAt(random.Next(fields.Count)).Key : "";
        switch (random.Next(4))
        {
            case 0:
                fields.Remove(name);
                break;
            case 1:
                fields[name + "x"] = Value(places);
                break;
            default:
                fields[name] = Value(places);
                break;
        }
    }

    private void ChangeList(JsonArray list, List<JsonNode> places)
    {
        if (list.Count == 0 || random.Next(4) == 0)
            list.Add(Value(places));
        else if (random.Next(3) == 0)
            list.Add(list[random.Next(list.Count)]?.DeepClone());
        else
            list[random.Next(list.Count)] = Value(places);
    }

    /// <summary>Junk, or a piece of the same spec.</summary>
    private JsonNode? Value(List<JsonNode> places) => random.Next(3) switch
    {
        0 => places[random.Next(places.Count)].DeepClone(),
        1 when random.Next(10) == 0 => JsonValue.Create(new string('a', random.Next(5_000))),
        _ => JsonNode.Parse(Junk[random.Next(Junk.Length)]),
    };

    private static void Collect(JsonNode? node, List<JsonNode> places)
    {
        if (node is not (JsonObject or JsonArray))
            return;
        places.Add(node);
        foreach (var child in node is JsonObject fields ? fields.Select(field => field.Value) : node.AsArray())
            Collect(child, places);
    }

    /// <summary>Changes characters of JSON text; most results are no JSON.</summary>
    public string Garble(string json)
    {
        var text = json.ToCharArray();
        for (var changes = 1 + random.Next(3); changes > 0; changes--)
            text[random.Next(text.Length)] = "\"\\{}[],:0eud/*\0ü"[random.Next(16)];
        return new string(text);
    }

    public override string ToString() => string.Create(CultureInfo.InvariantCulture, $"{kind} seed {seed}");
}
