using System.Text.Json;
using Gatehouse.Contracts.Feed;
using Gatehouse.Gateway.Matching;

namespace Gatehouse.DataPlane.Feed;

/// <summary>Reads entries in their wire form.</summary>
internal static class EntryReader
{
    /// <exception cref="JsonException">The payload is no such entry.</exception>
    /// <exception cref="MatchTableException">The table is unknown.</exception>
    public static object Read(string table, ReadOnlySpan<byte> payload) => table switch
    {
        FeedEntry.Listeners => Read<ListenerEntry>(payload),
        FeedEntry.Hosts => Read<HostEntry>(payload),
        FeedEntry.Backends => Read<BackendEntry>(payload),
        FeedEntry.Certificates => Read<CertificateEntry>(payload),
        FeedEntry.Challenges => Read<ChallengeEntry>(payload),
        _ => throw new MatchTableException($"table {table} is unknown"),
    };

    private static T Read<T>(ReadOnlySpan<byte> payload) => JsonSerializer.Deserialize<T>(payload, MatchTableJson.Options) ?? throw new JsonException("The entry is null.");
}
