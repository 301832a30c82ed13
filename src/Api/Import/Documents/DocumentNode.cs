namespace Gatehouse.Api.Import.Documents;

/// <summary>A value of a YAML or JSON document, with its place. An alias shares the node of its anchor.</summary>
/// <param name="line">Line, from 1.</param>
/// <param name="column">Column, from 1.</param>
internal abstract class DocumentNode(int line, int column)
{
    private const int CharactersPerUnit = 32;

    public int Line => line;

    public int Column => column;

    /// <summary>How much the value is once aliases are written out: one for each value, and one for each 32 characters.</summary>
    public long Weight { get; protected set; } = 1;

    protected static long WeightOf(string text) => text.Length / CharactersPerUnit;
}

/// <summary>What a scalar is in JSON.</summary>
internal enum ScalarKind
{
    Text,
    Number,
    True,
    False,
    Null,
}

/// <summary>A scalar.</summary>
internal sealed class ScalarNode : DocumentNode
{
    public ScalarNode(ScalarKind kind, string text, int line, int column)
        : base(line, column)
    {
        (Kind, Text) = (kind, text);
        Weight += WeightOf(text);
    }

    public ScalarKind Kind { get; }

    /// <summary>The text, or the number as JSON writes it.</summary>
    public string Text { get; }
}

/// <summary>A list.</summary>
internal sealed class ListNode(int line, int column) : DocumentNode(line, column)
{
    private readonly List<DocumentNode> _items = [];

    public IReadOnlyList<DocumentNode> Items => _items;

    public void Add(DocumentNode item)
    {
        _items.Add(item);
        Weight += item.Weight;
    }
}

/// <summary>An object. A repeated key is kept apart: the object it is in cannot be used.</summary>
internal sealed class MapNode(int line, int column) : DocumentNode(line, column)
{
    private readonly Dictionary<string, DocumentNode> _values = new(StringComparer.Ordinal);
    private readonly List<(string Key, DocumentNode Value)> _entries = [];
    private List<(string Key, int Line, int Column)>? _repeated;

    public IReadOnlyList<(string Key, DocumentNode Value)> Entries => _entries;

    public IReadOnlyList<(string Key, int Line, int Column)> Repeated => _repeated ?? [];

    public DocumentNode? this[string key] => _values.GetValueOrDefault(key);

    public void Add(string key, DocumentNode value, int keyLine, int keyColumn)
    {
        Weight += value.Weight + WeightOf(key);
        if (_values.TryAdd(key, value))
            _entries.Add((key, value));
        else
            (_repeated ??= []).Add((key, keyLine, keyColumn));
    }
}
