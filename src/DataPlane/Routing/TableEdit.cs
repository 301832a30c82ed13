using Gatehouse.Contracts.Feed;
using Gatehouse.Gateway.Matching;
using Gatehouse.ServiceDefaults;

namespace Gatehouse.DataPlane.Routing;

/// <summary>One entry that is set or removed.</summary>
/// <param name="Table">One of the tables of <see cref="FeedEntry"/>.</param>
/// <param name="Key">Key in it.</param>
/// <param name="Entry">ListenerEntry, HostEntry, BackendEntry, CertificateEntry or ChallengeEntry; null: removed.</param>
internal readonly record struct TableEdit(string Table, string Key, object? Entry)
{
    /// <summary>Of a certificate: its private key as PKCS#8 PEM.</summary>
    public Secret? Secret { get; init; }

    /// <summary>Why <see cref="Secret"/> was not sent, if the control plane said.</summary>
    public string? Withheld { get; init; }

    /// <summary>The edits that set all of a table.</summary>
    /// <param name="table">Table.</param>
    /// <param name="secrets">Private keys by the certificate's key.</param>
    public static IEnumerable<TableEdit> Of(MatchTable table, IReadOnlyDictionary<string, Secret>? secrets = null) =>
        table.Listeners.Select(entry => new TableEdit(FeedEntry.Listeners, entry.Key, entry.Value))
            .Concat(table.Hosts.Select(entry => new TableEdit(FeedEntry.Hosts, entry.Key, entry.Value)))
            .Concat(table.Backends.Select(entry => new TableEdit(FeedEntry.Backends, entry.Key, entry.Value)))
            .Concat(table.Certificates.Select(entry => new TableEdit(FeedEntry.Certificates, entry.Key, entry.Value) { Secret = secrets?.GetValueOrDefault(entry.Key) }))
            .Concat(table.Challenges.Select(entry => new TableEdit(FeedEntry.Challenges, entry.Key, entry.Value)));
}
