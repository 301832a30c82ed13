using System.Text.Json;

namespace Gatehouse.Api.Import.Documents;

/// <summary>Reads JSON, one value or several after another, into the trees that YAML gives.</summary>
internal ref struct JsonDocuments
{
    private readonly ReadOnlySpan<byte> _text;
    private Utf8JsonReader _reader;
    private long _seen;
    private int _line;
    private long _lineStart;

    private JsonDocuments(ReadOnlySpan<byte> text)
    {
        _text = text;
        _line = 1;
        _reader = new Utf8JsonReader(text, new JsonReaderOptions { MaxDepth = DocumentLimits.Depth, AllowMultipleValues = true });
    }

    /// <summary>Reads all values.</summary>
    /// <exception cref="DocumentException">The text is not JSON that an import takes.</exception>
    public static List<DocumentNode?> Read(ReadOnlySpan<byte> text)
    {
        var documents = new JsonDocuments(text);
        var roots = new List<DocumentNode?>();
        while (documents.Next())
        {
            if (roots.Count == DocumentLimits.Documents)
                throw new DocumentException($"An import takes {DocumentLimits.Documents} documents at most.", documents._line, 1);
            roots.Add(documents.ReadValue());
        }
        return roots;
    }

    private bool Next()
    {
        try
        {
            return _reader.Read();
        }
        catch (JsonException exception)
        {
            var suffix = exception.Message.IndexOf(" LineNumber:", StringComparison.Ordinal);
            var reason = suffix < 0 ? exception.Message : exception.Message[..suffix];
            throw new DocumentException(reason.Replace('\'', '`'), (int)(exception.LineNumber ?? 0) + 1, (int)(exception.BytePositionInLine ?? 0) + 1);
        }
    }

    private DocumentNode ReadValue()
    {
        var (line, column) = Place();
        switch (_reader.TokenType)
        {
            case JsonTokenType.StartObject:
                return ReadMap(line, column);
            case JsonTokenType.StartArray:
                var list = new ListNode(line, column);
                while (Next() && _reader.TokenType != JsonTokenType.EndArray)
                    list.Add(ReadValue());
                return list;
            case JsonTokenType.Number:
                return new ScalarNode(ScalarKind.Number, System.Text.Encoding.ASCII.GetString(_reader.ValueSpan), line, column);
            case JsonTokenType.True:
                return new ScalarNode(ScalarKind.True, "", line, column);
            case JsonTokenType.False:
                return new ScalarNode(ScalarKind.False, "", line, column);
            case JsonTokenType.Null:
                return new ScalarNode(ScalarKind.Null, "", line, column);
            default:
                return new ScalarNode(ScalarKind.Text, Text(line, column), line, column);
        }
    }

    private MapNode ReadMap(int line, int column)
    {
        var map = new MapNode(line, column);
        while (Next() && _reader.TokenType != JsonTokenType.EndObject)
        {
            var (keyLine, keyColumn) = Place();
            var key = Text(keyLine, keyColumn);
            Next();
            map.Add(key, ReadValue(), keyLine, keyColumn);
        }
        return map;
    }

    private readonly string Text(int line, int column)
    {
        try
        {
            return _reader.GetString()!;
        }
        catch (InvalidOperationException)
        {
            throw new DocumentException("An escape here stands for half of a character.", line, column);
        }
    }

    /// <summary>Where the present token begins; tokens are asked for in order, so every line end is counted once.</summary>
    private (int Line, int Column) Place()
    {
        var until = _reader.TokenStartIndex;
        for (var rest = _text[(int)_seen..(int)until]; rest.IndexOf((byte)'\n') is >= 0 and var end; rest = rest[(end + 1)..])
        {
            _line++;
            _lineStart = until - rest.Length + end + 1;
        }
        _seen = until;
        return (_line, (int)(until - _lineStart) + 1);
    }
}
