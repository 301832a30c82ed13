using System.IO.Pipelines;
using System.Text.Json;
using Gatehouse.Contracts.Feed;
using Gatehouse.Gateway.Compilation;
using Gatehouse.Gateway.Matching;

namespace Gatehouse.Control.Feed;

/// <summary>Writes feed frames line by line straight into the response: a table of a hundred thousand entries is never one string.</summary>
internal sealed class FrameWriter(PipeWriter output) : IDisposable
{
    private const int MaxEntries = 500;
    private const int MaxBytes = 256 * 1024;

    private readonly Utf8JsonWriter _json = new(output);
    private int _entries;
    private long _bytes;

    /// <summary>Writes a snapshot or delta, and returns the position it leads to.</summary>
    public async Task<FeedPosition> WriteAsync(FeedStep step, FeedPosition from, bool explained, CancellationToken cancellationToken)
    {
        await WriteLineAsync(
            new FeedFrame
            {
                Type = FeedFrame.Begin,
                Snapshot = step.Changes is null,
                SchemaVersion = MatchTableJson.SchemaVersion,
                CompilerVersion = Compiler.Version,
                Revision = from.Revision,
            },
            cancellationToken);
        if (step.Changes is null)
            await WriteTableAsync(step.Target.Table.Table, cancellationToken);
        else
            await WriteChangesAsync(step.Changes, cancellationToken);
        await EndEntriesAsync(cancellationToken);
        await WriteLineAsync(
            new FeedFrame
            {
                Type = FeedFrame.Commit,
                Revision = step.Target.Revision,
                Hash = TableHash.Format(step.Target.Table.Hash),
                Count = step.Target.Table.Count,
                Explained = step.Changes is null ? explained : null,
            },
            cancellationToken);
        return step.Target.Position;
    }

    /// <summary>Writes a heartbeat; without a revision before anything is compiled.</summary>
    public Task HeartbeatAsync(long? revision, CancellationToken cancellationToken) =>
        WriteLineAsync(new FeedFrame { Type = FeedFrame.Heartbeat, Revision = revision }, cancellationToken);

    /// <inheritdoc />
    public void Dispose() => _json.Dispose();

    private async Task WriteTableAsync(MatchTable table, CancellationToken cancellationToken)
    {
        foreach (var (key, entry) in table.Listeners)
            await WriteEntryAsync(FeedEntry.Listeners, key, TableHash.Payload(entry), cancellationToken);
        foreach (var (key, entry) in table.Backends)
            await WriteEntryAsync(FeedEntry.Backends, key, TableHash.Payload(entry), cancellationToken);
        foreach (var (key, entry) in table.Certificates)
            await WriteEntryAsync(FeedEntry.Certificates, key, TableHash.Payload(entry), cancellationToken);
        foreach (var (key, entry) in table.Hosts)
            await WriteEntryAsync(FeedEntry.Hosts, key, TableHash.Payload(entry), cancellationToken);
    }

    private async Task WriteChangesAsync(IEnumerable<TableChange> changes, CancellationToken cancellationToken)
    {
        foreach (var change in changes)
            await WriteEntryAsync(change.Table, change.Key, change.Payload, cancellationToken);
    }

    private async ValueTask WriteEntryAsync(string table, string key, ReadOnlyMemory<byte> payload, CancellationToken cancellationToken)
    {
        if (_entries == 0)
        {
            _json.WriteStartObject();
            _json.WriteString("type", FeedFrame.Data);
            _json.WriteStartArray("entries");
        }

        _json.WriteStartObject();
        _json.WriteString("t", table);
        _json.WriteString("k", key);
        if (!payload.IsEmpty)
        {
            _json.WritePropertyName("v");
            _json.WriteRawValue(payload.Span, skipInputValidation: true);
        }

        _json.WriteEndObject();
        _entries++;
        _bytes += payload.Length;
        if (_entries >= MaxEntries || _bytes >= MaxBytes)
            await EndEntriesAsync(cancellationToken);
    }

    private async ValueTask EndEntriesAsync(CancellationToken cancellationToken)
    {
        if (_entries == 0)
            return;
        _json.WriteEndArray();
        _json.WriteEndObject();
        _entries = 0;
        _bytes = 0;
        await EndLineAsync(cancellationToken);
    }

    private async Task WriteLineAsync(FeedFrame frame, CancellationToken cancellationToken)
    {
        JsonSerializer.Serialize(_json, frame, FeedJson.Options);
        await EndLineAsync(cancellationToken);
    }

    private async ValueTask EndLineAsync(CancellationToken cancellationToken)
    {
        _json.Flush();
        _json.Reset();
        output.GetSpan(1)[0] = (byte)'\n';
        output.Advance(1);

        // Waits while the reader is slow: the next change is merged meanwhile, not queued.
        await output.FlushAsync(cancellationToken);
    }
}
