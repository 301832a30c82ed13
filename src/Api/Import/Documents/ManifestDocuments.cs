using System.Buffers;
using System.Globalization;
using System.Text;
using System.Text.Json;
using Gatehouse.Gateway.Manifests;

namespace Gatehouse.Api.Import.Documents;

/// <summary>From the text of an import to its manifests.</summary>
internal static class ManifestDocuments
{
    private const string ListSuffix = "List";
    private const int MaxProblems = 20;

    private static readonly UTF8Encoding StrictUtf8 = new(encoderShouldEmitUTF8Identifier: false, throwOnInvalidBytes: true);

    /// <summary>Reads all manifests, in order; those with something wrong carry it as problems.</summary>
    /// <exception cref="DocumentException">The text as a whole cannot be read.</exception>
    public static List<Manifest> Read(ReadOnlySpan<byte> text, bool json)
    {
        if (text.StartsWith("\ufeff"u8))
            text = text[3..];
        var manifests = new List<Manifest>();
        var documents = 0;
        foreach (var root in json ? JsonDocuments.Read(text) : YamlDocuments.Read(Decode(text)))
        {
            if (++documents > DocumentLimits.Documents)
                throw new DocumentException($"An import takes {DocumentLimits.Documents} documents at most.", root?.Line ?? 1, 1);
            foreach (var node in ObjectsOf(root))
            {
                if (manifests.Count == DocumentLimits.Objects)
                    throw new DocumentException($"An import takes {DocumentLimits.Objects} objects at most.", node.Line, node.Column);
                manifests.Add(ToManifest(node));
            }
        }
        return manifests;
    }

    private static string Decode(ReadOnlySpan<byte> text)
    {
        try
        {
            return StrictUtf8.GetString(text);
        }
        catch (DecoderFallbackException exception)
        {
            var before = text[..Math.Clamp(exception.Index, 0, text.Length)];
            throw new DocumentException("The text is not UTF-8.", before.Count((byte)'\n') + 1, before.Length - before.LastIndexOf((byte)'\n'));
        }
    }

    /// <summary>The objects of a document: itself, or the items of a List or of a plain list.</summary>
    private static IEnumerable<DocumentNode> ObjectsOf(DocumentNode? root) => root switch
    {
        null => [],
        ListNode list => list.Items,
        MapNode map when map["kind"] is ScalarNode { Kind: ScalarKind.Text } kind && kind.Text.EndsWith(ListSuffix, StringComparison.Ordinal) && map["items"] is ListNode items =>
            map.Repeated.Count > 0 ? [root] : items.Items.Select(item => Typed(item, map, kind.Text)),
        _ => [root],
    };

    /// <summary>Items of a typed list (an HTTPRouteList) may leave out what the list says.</summary>
    private static DocumentNode Typed(DocumentNode item, MapNode list, string listKind)
    {
        if (item is not MapNode map || listKind == ListSuffix || (map["kind"] is not null && map["apiVersion"] is not null))
            return item;
        var typed = new MapNode(map.Line, map.Column);
        foreach (var (key, value) in map.Entries)
            typed.Add(key, value, value.Line, value.Column);
        foreach (var (key, line, column) in map.Repeated)
            typed.Add(key, map[key]!, line, column);
        if (map["kind"] is null)
            typed.Add("kind", new ScalarNode(ScalarKind.Text, listKind[..^ListSuffix.Length], map.Line, map.Column), map.Line, map.Column);
        if (map["apiVersion"] is null && list["apiVersion"] is { } version)
            typed.Add("apiVersion", version, map.Line, map.Column);
        return typed;
    }

    private static Manifest ToManifest(DocumentNode node)
    {
        var problems = new List<string>();
        FindProblems(node, problems);
        var buffer = new ArrayBufferWriter<byte>();
        using (var writer = new Utf8JsonWriter(buffer, new JsonWriterOptions { SkipValidation = true }))
            Write(node, writer);
        return ManifestReader.Read(JsonDocument.Parse(buffer.WrittenMemory).RootElement, node.Line, problems);
    }

    private static void FindProblems(DocumentNode node, List<string> problems)
    {
        if (problems.Count >= MaxProblems)
            return;
        switch (node)
        {
            case ScalarNode { Kind: ScalarKind.Text } scalar when !IsStorable(scalar.Text):
                problems.Add(At(node.Line, node.Column) + "remove U+0000 and unpaired surrogates: they cannot be stored.");
                break;
            case ListNode list:
                foreach (var item in list.Items)
                    FindProblems(item, problems);
                break;
            case MapNode map:
                foreach (var (key, line, column) in map.Repeated.Take(MaxProblems))
                    problems.Add($"{At(line, column)}the key '{Printable(key)}' occurs twice in one object; keep one.");
                foreach (var (key, value) in map.Entries)
                {
                    if (!IsStorable(key))
                        problems.Add(At(value.Line, value.Column) + "a key has U+0000 or an unpaired surrogate, which cannot be stored.");
                    FindProblems(value, problems);
                }
                break;
        }
    }

    private static void Write(DocumentNode node, Utf8JsonWriter writer)
    {
        switch (node)
        {
            case ListNode list:
                writer.WriteStartArray();
                foreach (var item in list.Items)
                    Write(item, writer);
                writer.WriteEndArray();
                break;
            case MapNode map:
                writer.WriteStartObject();
                foreach (var (key, value) in map.Entries)
                {
                    writer.WritePropertyName(IsStorable(key) ? key : "�");
                    Write(value, writer);
                }
                writer.WriteEndObject();
                break;
            case ScalarNode scalar:
                WriteScalar(scalar, writer);
                break;
        }
    }

    private static void WriteScalar(ScalarNode scalar, Utf8JsonWriter writer)
    {
        switch (scalar.Kind)
        {
            case ScalarKind.Number:
                writer.WriteRawValue(scalar.Text, skipInputValidation: true);
                break;
            case ScalarKind.True or ScalarKind.False:
                writer.WriteBooleanValue(scalar.Kind == ScalarKind.True);
                break;
            case ScalarKind.Null:
                writer.WriteNullValue();
                break;
            default:
                writer.WriteStringValue(IsStorable(scalar.Text) ? scalar.Text : "�");
                break;
        }
    }

    private static bool IsStorable(string text)
    {
        for (var i = 0; i < text.Length; i++)
        {
            if (text[i] == '\0' || char.IsLowSurrogate(text[i]))
                return false;
            if (char.IsHighSurrogate(text[i]) && (++i == text.Length || !char.IsLowSurrogate(text[i])))
                return false;
        }
        return true;
    }

    private static string Printable(string key) => string.Concat(key.Take(64).Select(static c => char.IsControl(c) || char.IsSurrogate(c) ? '?' : c));

    private static string At(int line, int column) => string.Create(CultureInfo.InvariantCulture, $"Line {line}, column {column}: ");
}
