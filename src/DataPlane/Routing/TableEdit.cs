using Gatehouse.Contracts.Feed;
using Gatehouse.Gateway.Matching;

namespace Gatehouse.DataPlane.Routing;

/// <summary>One entry that is set or removed.</summary>
/// <param name="Table">One of the tables of <see cref="FeedEntry"/>.</param>
/// <param name="Key">Key in it.</param>
/// <param name="Entry">ListenerEntry, HostEntry or BackendEntry; null: removed.</param>
internal readonly record struct TableEdit(string Table, string Key, object? Entry)
{
    /// <summary>The edits that set all of a table.</summary>
    public static IEnumerable<TableEdit> Of(MatchTable table) =>
        table.Listeners.Select(entry => new TableEdit(FeedEntry.Listeners, entry.Key, entry.Value))
            .Concat(table.Hosts.Select(entry => new TableEdit(FeedEntry.Hosts, entry.Key, entry.Value)))
            .Concat(table.Backends.Select(entry => new TableEdit(FeedEntry.Backends, entry.Key, entry.Value)));
}
