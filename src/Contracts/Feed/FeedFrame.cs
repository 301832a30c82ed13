using System.Text.Json;
using System.Text.Json.Serialization;

namespace Gatehouse.Contracts.Feed;

/// <summary>
/// One line (NDJSON) of the config feed. A change is <c>begin</c> (snapshot or delta), any number of <c>entries</c>, then
/// <c>commit</c> with the revision and hash that hold once all of it is applied; what lies between is applied as a whole or
/// not at all. <c>heartbeat</c> comes every few seconds when there is nothing to say.
/// </summary>
public sealed record FeedFrame
{
    /// <summary>begin, entries, commit or heartbeat.</summary>
    public required string Type { get; init; }

    /// <summary>begin: whether what was there before is replaced.</summary>
    public bool? Snapshot { get; init; }

    /// <summary>begin: version of the entries' wire form.</summary>
    public int? SchemaVersion { get; init; }

    /// <summary>begin: version of the compiler.</summary>
    public string? CompilerVersion { get; init; }

    /// <summary>begin: the revision that a delta starts from. commit and heartbeat: the revision that holds now.</summary>
    public long? Revision { get; init; }

    /// <summary>commit: hash over all entries (hexadecimal).</summary>
    public string? Hash { get; init; }

    /// <summary>commit: how many entries there are in all, so that a cut stream is noticed.</summary>
    public int? Count { get; init; }

    /// <summary>commit of a snapshot: whether committed revisions explain why it is smaller than what the data plane may hold.</summary>
    public bool? Explained { get; init; }

    /// <summary>entries: what is added, replaced or removed.</summary>
    public IReadOnlyList<FeedEntry>? Entries { get; init; }

    /// <summary>Type of the first line of a change.</summary>
    public const string Begin = "begin";

    /// <summary>Type of a line with entries.</summary>
    public const string Data = "entries";

    /// <summary>Type of the last line of a change.</summary>
    public const string Commit = "commit";

    /// <summary>Type of a line that only shows that the connection lives.</summary>
    public const string Heartbeat = "heartbeat";
}

/// <summary>One keyed entry.</summary>
/// <param name="Table">listener, host, backend, certificate or challenge.</param>
/// <param name="Key">Key in its table.</param>
/// <param name="Value">The entry in its wire form; null: it is removed.</param>
public sealed record FeedEntry(
    [property: JsonPropertyName("t")] string Table,
    [property: JsonPropertyName("k")] string Key,
    [property: JsonPropertyName("v"), JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] JsonElement? Value)
{
    /// <summary>Of a certificate: its private key as PKCS#8 PEM, outside of what is hashed. Only on connections that nobody else can read.</summary>
    [JsonPropertyName("s"), JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public string? Secret { get; init; }

    /// <summary>Of a certificate: why <see cref="Secret"/> is not sent.</summary>
    [JsonPropertyName("w"), JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public string? Withheld { get; init; }

    /// <summary>Names the entry alone: a private key must not get into a log or a message.</summary>
    public override string ToString() => $"{Table} {Key}";

    /// <summary>Table of listeners.</summary>
    public const string Listeners = "listener";

    /// <summary>Table of hosts.</summary>
    public const string Hosts = "host";

    /// <summary>Table of backends.</summary>
    public const string Backends = "backend";

    /// <summary>Table of certificates.</summary>
    public const string Certificates = "certificate";

    /// <summary>Table of challenges that data planes answer for certificate authorities.</summary>
    public const string Challenges = "challenge";
}
