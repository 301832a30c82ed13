using System.Globalization;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace Gatehouse.Api.Export;

/// <summary>
/// Writes JSON as YAML that every reader, of YAML 1.1 or 1.2, takes for the same values: text stands bare only if no reader could take it for
/// anything else.
/// </summary>
internal static class YamlText
{
    private const int Indent = 2;

    /// <summary>Words that some reader takes for a boolean or null.</summary>
    private static readonly HashSet<string> Words = new(StringComparer.OrdinalIgnoreCase) { "true", "false", "yes", "no", "on", "off", "y", "n", "null", "nan", "inf", "infinity" };

    /// <summary>One document with its separator.</summary>
    public static string Document(JsonObject document)
    {
        var text = new StringBuilder("---\n");
        WriteMap(text, document, 0, inline: false);
        return text.ToString();
    }

    private static void WriteMap(StringBuilder text, JsonObject map, int depth, bool inline)
    {
        foreach (var (key, value) in map)
        {
            if (!inline)
                text.Append(' ', depth);
            inline = false;
            WriteScalar(text, key, depth, isKey: true);
            text.Append(':');
            WriteValue(text, value, depth + Indent, listDepth: depth);
        }
    }

    /// <summary>A list stands as deep as its key, as most manifests are written.</summary>
    private static void WriteValue(StringBuilder text, JsonNode? value, int depth, int listDepth)
    {
        switch (value)
        {
            case JsonObject { Count: > 0 } map:
                text.Append('\n');
                WriteMap(text, map, depth, inline: false);
                break;
            case JsonArray { Count: > 0 } list:
                text.Append('\n');
                foreach (var item in list)
                    WriteItem(text, item, listDepth);
                break;
            default:
                text.Append(' ');
                WriteLeaf(text, value, depth);
                break;
        }
    }

    private static void WriteItem(StringBuilder text, JsonNode? item, int depth)
    {
        text.Append(' ', depth).Append('-');
        if (item is JsonObject { Count: > 0 } map)
        {
            text.Append(' ');
            WriteMap(text, map, depth + Indent, inline: true);
        }
        else
        {
            WriteValue(text, item, depth + Indent, depth + Indent);
        }
    }

    private static void WriteLeaf(StringBuilder text, JsonNode? value, int depth)
    {
        switch (value)
        {
            case null:
                text.Append("null\n");
                break;
            case JsonObject:
                text.Append("{}\n");
                break;
            case JsonArray:
                text.Append("[]\n");
                break;
            default:
                if (value.GetValueKind() == JsonValueKind.String)
                    WriteScalar(text, value.GetValue<string>(), depth, isKey: false);
                else
                    text.Append(value.ToJsonString());
                if (text[^1] != '\n')
                    text.Append('\n');
                break;
        }
    }

    private static void WriteScalar(StringBuilder text, string value, int depth, bool isKey)
    {
        if (IsPlain(value))
            text.Append(value);
        else if (!isKey && IsBlock(value))
            WriteBlock(text, value, depth);
        else
            WriteQuoted(text, value);
    }

    /// <summary>Letters first, then what has no meaning in YAML; <c>12:30:45</c>, <c>1e3</c> and <c>0x10</c> begin with digits.</summary>
    private static bool IsPlain(string value) =>
        value.Length is > 0 and <= 128 && (char.IsAsciiLetter(value[0]) || value[0] == '/') && char.IsAsciiLetterOrDigit(value[^1]) && !Words.Contains(value)
        && value.All(static c => char.IsAsciiLetterOrDigit(c) || c is '-' or '_' or '.' or '/');

    /// <summary>PEM and the like: several lines of printable text, each ending as a block's lines do.</summary>
    private static bool IsBlock(string value) =>
        value.Length > 1 && value[^1] == '\n' && value[^2] != '\n' && value[0] is not (' ' or '\n' or '\t') && value.AsSpan(0, value.Length - 1).Contains('\n')
        && value.All(static c => c is '\n' or (>= ' ' and <= '~'));

    private static void WriteBlock(StringBuilder text, string value, int depth)
    {
        text.Append("|\n");
        foreach (var line in value[..^1].Split('\n'))
            text.Append(' ', line.Length > 0 ? depth : 0).Append(line).Append('\n');
    }

    private static void WriteQuoted(StringBuilder text, string value)
    {
        text.Append('"');
        foreach (var c in value)
        {
            if (c is '"' or '\\')
                text.Append('\\').Append(c);
            else if (c == '\n')
                text.Append("\\n");
            else if (c is < ' ' or (>= '\x7f' and <= '\xa0') or '\u2028' or '\u2029' or '\ufeff' or (>= '\ufff0' and <= '\uffff'))
                text.Append(CultureInfo.InvariantCulture, $"\\u{(int)c:x4}");
            else
                text.Append(c);
        }
        text.Append('"');
    }
}
