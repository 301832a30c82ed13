using System.Globalization;
using System.Text.Json.Nodes;
using YamlDotNet.Core;
using YamlDotNet.Core.Events;

namespace Gatehouse.Sync.Kubernetes.Kubeconfigs;

/// <summary>
/// Reads the one document of a kubeconfig as JSON. Aliases are refused: kubectl writes none, and what they stand for has no bound.
/// </summary>
internal sealed class KubeconfigYaml
{
    private const int Depth = 64;
    private const int Length = 1 << 20;

    private readonly Parser _parser;

    private KubeconfigYaml(string text) => _parser = new Parser(new StringReader(text));

    /// <summary>Reads a text.</summary>
    /// <exception cref="KubeconfigException">It is no kubeconfig; the message does not quote it.</exception>
    public static JsonObject Read(string text)
    {
        if (text.Length > Length)
            throw new KubeconfigException($"A kubeconfig may have {Length >> 10} KiB. Keep only the context that is needed: kubectl config view --minify --flatten.");
        var reader = new KubeconfigYaml(text);
        try
        {
            return reader.ReadDocument() as JsonObject ?? throw new KubeconfigException("This is not a kubeconfig: it is no YAML object.");
        }
        catch (YamlException exception)
        {
            // The parser's own words quote what it met, and that may be part of a key.
            throw new KubeconfigException($"This is not YAML: something is wrong near line {exception.Start.Line}, column {exception.Start.Column}.");
        }
        catch (Exception exception) when (exception is ArgumentException or InvalidOperationException or FormatException or OverflowException or IndexOutOfRangeException)
        {
            throw new KubeconfigException($"This is not YAML: something is wrong after line {reader._parser.Current?.End.Line ?? 1}.");
        }
    }

    private JsonNode? ReadDocument()
    {
        ParsingEvent next;
        do
            next = Next();
        while (next is StreamStart or DocumentStart);
        return next is StreamEnd ? null : ReadValue(next, 0);
    }

    private ParsingEvent Next()
    {
        do
        {
            if (!_parser.MoveNext())
                throw new KubeconfigException("The kubeconfig ends early.");
        }
        while (_parser.Current is Comment);
        return _parser.Current!;
    }

    private JsonNode? ReadValue(ParsingEvent next, int depth)
    {
        if (depth > Depth)
            throw new KubeconfigException($"A kubeconfig may be {Depth} levels deep.");
        switch (next)
        {
            case Scalar scalar:
                return ReadScalar(scalar);
            case SequenceStart:
                var list = new JsonArray();
                for (var item = Next(); item is not SequenceEnd; item = Next())
                    list.Add(ReadValue(item, depth + 1));
                return list;
            case MappingStart:
                return ReadMap(depth);
            default:
                throw new KubeconfigException($"Line {next.Start.Line} has an alias or no value: write the value out.");
        }
    }

    private JsonObject ReadMap(int depth)
    {
        var map = new JsonObject();
        for (var next = Next(); next is not MappingEnd; next = Next())
        {
            if (next is not Scalar key)
                throw new KubeconfigException($"Line {next.Start.Line} has a key that is no text.");
            if (!map.TryAdd(key.Value, ReadValue(Next(), depth + 1)))
                throw new KubeconfigException($"Line {key.Start.Line} has a key a second time: keep one.");
        }
        return map;
    }

    /// <summary>A plain number stays text unless it prints as it was written: a token may look like one.</summary>
    private static JsonValue? ReadScalar(Scalar scalar)
    {
        if (scalar.Style != ScalarStyle.Plain)
            return JsonValue.Create(scalar.Value);
        return scalar.Value switch
        {
            "" or "~" or "null" or "Null" or "NULL" => null,
            "true" or "True" or "TRUE" => JsonValue.Create(true),
            "false" or "False" or "FALSE" => JsonValue.Create(false),
            var text when long.TryParse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var number)
                && number.ToString(CultureInfo.InvariantCulture) == text => JsonValue.Create(number),
            var text => JsonValue.Create(text),
        };
    }
}
