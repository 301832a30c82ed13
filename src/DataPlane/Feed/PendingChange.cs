using System.Globalization;
using System.Runtime.InteropServices;
using System.Text.Json;
using Gatehouse.Contracts.Feed;
using Gatehouse.Gateway.Compilation;
using Gatehouse.Gateway.Matching;
using Gatehouse.ServiceDefaults;

namespace Gatehouse.DataPlane.Feed;

/// <summary>A change between its begin and its commit: what lies between is applied as a whole or not at all.</summary>
internal sealed class PendingChange
{
    /// <exception cref="FeedMismatchException">The change cannot follow what is in force.</exception>
    public PendingChange(FeedFrame begin, FeedPosition position)
    {
        if (begin.SchemaVersion is { } schema && schema != MatchTableJson.SchemaVersion)
            throw new FeedMismatchException($"the feed writes schema {schema}; this data plane reads {MatchTableJson.SchemaVersion}");
        IsSnapshot = begin.Snapshot == true;
        if (!IsSnapshot && begin.Revision != position.Revision)
            throw new FeedMismatchException($"a delta from revision {begin.Revision} does not follow {position.Revision}");
        CompilerVersion = begin.CompilerVersion;
    }

    public bool IsSnapshot { get; }

    public string? CompilerVersion { get; }

    /// <summary>The newest word on each key.</summary>
    public Dictionary<EntryKey, PendingEntry> Entries { get; } = [];

    public void Add(FeedFrame frame)
    {
        foreach (var entry in frame.Entries ?? [])
            Entries[new EntryKey(entry.Table, entry.Key)] = Pending(entry);
    }

    private static PendingEntry Pending(FeedEntry entry)
    {
        if (entry.Value is not { ValueKind: not JsonValueKind.Null } value)
            return default;
        var payload = JsonMarshal.GetRawUtf8Value(value);
        var hash = TableHash.Of(entry.Table, entry.Key, payload);
        try
        {
            return new PendingEntry(hash, EntryReader.Read(entry.Table, payload), null) { Secret = Secret.OfNullable(entry.Secret), Withheld = entry.Withheld };
        }
        catch (Exception failure) when (failure is JsonException or MatchTableException or NotSupportedException or InvalidOperationException or KeyNotFoundException)
        {
            // Counted, so that the hash comes out right, and refused alone.
            return new PendingEntry(hash, null, $"cannot be read: {failure.GetType().Name}");
        }
    }

    /// <summary>Reads a commit's hash.</summary>
    public static UInt128 HashOf(FeedFrame commit) =>
        UInt128.TryParse(commit.Hash, NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out var hash)
            ? hash
            : throw new FeedMismatchException("a commit has no hash");
}

/// <summary>Names an entry.</summary>
internal readonly record struct EntryKey(string Table, string Key);

/// <summary>What a change says of an entry; all default: it is removed.</summary>
/// <param name="Hash">Hash of its wire form.</param>
/// <param name="Entry">The entry; null: it is removed or cannot be read.</param>
/// <param name="Error">Why it cannot be read.</param>
internal readonly record struct PendingEntry(UInt128 Hash, object? Entry, string? Error)
{
    /// <summary>Of a certificate: its private key, which no hash covers; null: it was not sent.</summary>
    public Secret? Secret { get; init; }

    /// <summary>Why it was not sent.</summary>
    public string? Withheld { get; init; }

    public bool IsRemoval => Entry is null && Error is null;
}
