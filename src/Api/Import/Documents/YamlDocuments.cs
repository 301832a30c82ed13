using YamlDotNet.Core;
using YamlDotNet.Core.Events;

namespace Gatehouse.Api.Import.Documents;

/// <summary>Reads YAML into trees. Aliases share their anchor's tree, so what they would be written out is counted, not built.</summary>
internal sealed class YamlDocuments
{
    private const string MergeKey = "<<";

    private readonly Parser _parser;
    private readonly Dictionary<AnchorName, DocumentNode> _anchors = [];
    private long _aliasWeight;

    private YamlDocuments(string text) => _parser = new Parser(new StringReader(text));

    /// <summary>Reads all documents; those without content are null.</summary>
    /// <exception cref="DocumentException">The text is not YAML that an import takes.</exception>
    public static IEnumerable<DocumentNode?> Read(string text)
    {
        var documents = new YamlDocuments(text);
        while (documents.ReadDocument() is { } read)
            yield return read.Root;
    }

    private (DocumentNode? Root, bool End)? ReadDocument()
    {
        while (true)
        {
            var next = Next();
            switch (next)
            {
                case StreamEnd:
                    return null;
                case DocumentStart:
                    _anchors.Clear();
                    return (ReadValue(Next(), 0) is var root && root is ScalarNode { Kind: ScalarKind.Null } ? null : root, false);
            }
        }
    }

    /// <summary>The parser throws more than its own exceptions on escapes that stand for no character.</summary>
    private ParsingEvent Next()
    {
        try
        {
            do
            {
                if (!_parser.MoveNext())
                    throw new DocumentException("The text ends early.", 1, 1);
            }
            while (_parser.Current is Comment);
            return _parser.Current!;
        }
        catch (YamlException exception)
        {
            throw new DocumentException(exception.InnerException?.Message ?? exception.Message, Place(exception.Start.Line), Place(exception.Start.Column));
        }
        catch (Exception exception) when (exception is ArgumentException or InvalidOperationException or FormatException or OverflowException or IndexOutOfRangeException)
        {
            var near = _parser.Current?.End ?? Mark.Empty;
            throw new DocumentException("Something after this place is not YAML.", Place(near.Line), Place(near.Column));
        }
    }

    private DocumentNode ReadValue(ParsingEvent next, int depth)
    {
        var (line, column) = (Place(next.Start.Line), Place(next.Start.Column));
        if (depth > DocumentLimits.Depth)
            throw new DocumentException($"Lists and objects may be {DocumentLimits.Depth} levels deep.", line, column);
        switch (next)
        {
            case Scalar scalar:
                return Anchor(scalar, ReadScalar(scalar, line, column));
            case SequenceStart sequence:
                return Anchor(sequence, ReadList(sequence, line, column, depth));
            case MappingStart mapping:
                return Anchor(mapping, ReadMap(mapping, line, column, depth));
            case AnchorAlias alias:
                return Resolve(alias, line, column);
            default:
                throw new DocumentException("A value is missing here.", line, column);
        }
    }

    private ListNode ReadList(SequenceStart start, int line, int column, int depth)
    {
        RequireTag(start, "tag:yaml.org,2002:seq", line, column);
        var list = new ListNode(line, column);
        for (var next = Next(); next is not SequenceEnd; next = Next())
            list.Add(ReadValue(next, depth + 1));
        return list;
    }

    private MapNode ReadMap(MappingStart start, int line, int column, int depth)
    {
        RequireTag(start, "tag:yaml.org,2002:map", line, column);
        var map = new MapNode(line, column);
        List<(DocumentNode Source, int Line, int Column)> merged = [];
        for (var next = Next(); next is not MappingEnd; next = Next())
        {
            var (keyLine, keyColumn) = (Place(next.Start.Line), Place(next.Start.Column));
            if (next is not Scalar key)
                throw new DocumentException("A key is text, not a list, an object or an alias.", keyLine, keyColumn);
            var value = ReadValue(Next(), depth + 1);
            if (key is { Value: MergeKey, Style: ScalarStyle.Plain })
                merged.Add((value, keyLine, keyColumn));
            else
                map.Add(key.Value, value, keyLine, keyColumn);
        }
        foreach (var (source, keyLine, keyColumn) in merged)
            Merge(map, source, keyLine, keyColumn);
        return map;
    }

    /// <summary>A merge key (https://yaml.org/type/merge.html): fields of the object win over those that are merged in, earlier sources over later.</summary>
    private void Merge(MapNode map, DocumentNode source, int line, int column)
    {
        IEnumerable<DocumentNode> sources = source is ListNode list ? list.Items : [source];
        foreach (var node in sources)
        {
            if (node is not MapNode from)
                throw new DocumentException("A merge key takes an object, or a list of objects.", line, column);
            Spend(from.Weight, line, column);
            foreach (var (key, value) in from.Entries)
            {
                if (map[key] is null)
                    map.Add(key, value, line, column);
            }
        }
    }

    private DocumentNode Resolve(AnchorAlias alias, int line, int column)
    {
        if (!_anchors.TryGetValue(alias.Value, out var node))
            throw new DocumentException("The alias names an anchor that is not there, or that contains it.", line, column);
        Spend(node.Weight, line, column);
        return node;
    }

    private void Spend(long weight, int line, int column)
    {
        _aliasWeight += weight;
        if (_aliasWeight > DocumentLimits.AliasWeight)
            throw new DocumentException("Aliases stand for too much here: write the values out, or import fewer objects at a time.", line, column);
    }

    private DocumentNode Anchor(NodeEvent node, DocumentNode value)
    {
        if (!node.Anchor.IsEmpty)
            _anchors[node.Anchor] = value;
        return value;
    }

    private static ScalarNode ReadScalar(Scalar scalar, int line, int column)
    {
        if (scalar.Tag.IsEmpty)
            return scalar.Style == ScalarStyle.Plain ? CoreSchema.Resolve(scalar.Value, line, column) : new ScalarNode(ScalarKind.Text, scalar.Value, line, column);
        switch (scalar.Tag.IsNonSpecific ? "!" : scalar.Tag.Value)
        {
            case "!" or "tag:yaml.org,2002:str" or "tag:yaml.org,2002:binary":
                return new ScalarNode(ScalarKind.Text, scalar.Value, line, column);
            case "tag:yaml.org,2002:int" or "tag:yaml.org,2002:float" or "tag:yaml.org,2002:bool" or "tag:yaml.org,2002:null":
                return CoreSchema.Resolve(scalar.Value, line, column);
            default:
                throw new DocumentException("The tag has no meaning in a manifest; remove it.", line, column);
        }
    }

    private static void RequireTag(NodeEvent node, string tag, int line, int column)
    {
        if (!node.Tag.IsEmpty && !node.Tag.IsNonSpecific && node.Tag.Value != tag)
            throw new DocumentException("The tag has no meaning in a manifest; remove it.", line, column);
    }

    private static int Place(long position) => (int)Math.Clamp(position, 1, int.MaxValue);
}
