using Gatehouse.Gateway.Matching;

namespace Gatehouse.Gateway.Compilation;

/// <summary>One keyed entry of a pool's match table that is new, differs or is gone.</summary>
public sealed class TableChange
{
    private readonly object? entry;

    internal TableChange(string table, string key, object? entry, UInt128 hash)
    {
        Table = table;
        Key = key;
        this.entry = entry;
        Hash = hash;
    }

    /// <summary><c>listener</c>, <c>host</c>, <c>backend</c>, <c>certificate</c> or <c>challenge</c>.</summary>
    public string Table { get; }

    /// <summary>Key in its table.</summary>
    public string Key { get; }

    /// <summary>Hash of the new entry; 0 if it is removed.</summary>
    public UInt128 Hash { get; }

    /// <summary>
    /// Canonical JSON of the entry (<see cref="MatchTableJson"/>); empty: it is removed. Written on each call, so that a
    /// delta of a hundred thousand entries does not hold them twice.
    /// </summary>
    public ReadOnlyMemory<byte> Payload => entry is null ? default : TableHash.Payload(entry);
}
