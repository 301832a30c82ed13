using System.IO.Pipelines;
using System.Security.Cryptography;
using System.Text.Json;
using Gatehouse.Contracts.Feed;
using Gatehouse.Control.PrivateKeys;
using Gatehouse.Gateway.Compilation;
using Gatehouse.Gateway.Matching;

namespace Gatehouse.Control.Feed;

/// <summary>Writes feed frames line by line straight into the response: a table of a hundred thousand entries is never one string.</summary>
internal sealed class FrameWriter(PipeWriter output, FeedKeys keys) : IDisposable
{
    private const int MaxEntries = 500;
    private const string KeyLabel = "PRIVATE KEY";
    private const int MaxBytes = 256 * 1024;

    private readonly Utf8JsonWriter _json = new(output);
    private int _entries;
    private long _bytes;

    /// <summary>Writes a snapshot or delta, and returns the position it leads to.</summary>
    public async Task<FeedPosition> WriteAsync(FeedStep step, FeedPosition from, bool explained, CancellationToken cancellationToken)
    {
        await BeginAsync(from.Revision, step.Changes is null, cancellationToken);
        if (step.Changes is null)
            await WriteTableAsync(step.Target.Table.Table, cancellationToken);
        else
            await WriteChangesAsync(step.Target.Table.Table, step.Changes, cancellationToken);
        await CommitAsync(step.Target, step.Changes is null ? explained : null, cancellationToken);
        return step.Target.Position;
    }

    /// <summary>Sends certificates again whose keys can be had by now.</summary>
    /// <param name="version">What the data plane has.</param>
    /// <param name="cancellationToken">Ends it.</param>
    /// <returns>Whether there were any.</returns>
    public async Task<bool> WriteOwedAsync(PoolVersion version, CancellationToken cancellationToken)
    {
        keys.Owed.RemoveWhere(key => !version.Table.Table.Certificates.ContainsKey(key));
        var certificates = keys.Owed.Take(MaxEntries).Select(key => version.Table.Table.Certificates[key]).ToList();
        using var batch = await keys.ReadAsync(certificates, cancellationToken);
        if (batch.Keys.Count == 0)
            return false;
        await BeginAsync(version.Revision, snapshot: false, cancellationToken);
        foreach (var certificate in certificates.Where(certificate => batch.KeyOf(certificate.Key) is not null))
            await WriteEntryAsync(FeedEntry.Certificates, certificate.Key, TableHash.Payload(certificate), cancellationToken, batch);
        await CommitAsync(version, null, cancellationToken);
        return true;
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
        foreach (var certificates in table.Certificates.Values.Chunk(MaxEntries))
        {
            using var batch = await keys.ReadAsync(certificates, cancellationToken);
            foreach (var certificate in certificates)
                await WriteEntryAsync(FeedEntry.Certificates, certificate.Key, TableHash.Payload(certificate), cancellationToken, batch);
        }
        foreach (var (key, entry) in table.Challenges)
            await WriteEntryAsync(FeedEntry.Challenges, key, TableHash.Payload(entry), cancellationToken);
        foreach (var (key, entry) in table.Hosts)
            await WriteEntryAsync(FeedEntry.Hosts, key, TableHash.Payload(entry), cancellationToken);
    }

    private async Task WriteChangesAsync(MatchTable table, IEnumerable<TableChange> changes, CancellationToken cancellationToken)
    {
        foreach (var some in changes.Chunk(MaxEntries))
        {
            var certificates = some.Where(change => change.Table == FeedEntry.Certificates && !change.Payload.IsEmpty).Select(change => table.Certificates[change.Key]);
            using var batch = await keys.ReadAsync([.. certificates], cancellationToken);
            foreach (var change in some)
                await WriteEntryAsync(change.Table, change.Key, change.Payload, cancellationToken, batch);
        }
    }

    private async ValueTask WriteEntryAsync(
        string table, string key, ReadOnlyMemory<byte> payload, CancellationToken cancellationToken, PrivateKeyBatch? batch = null)
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
            if (batch is not null && table == FeedEntry.Certificates)
                WriteKey(batch, key);
        }

        _json.WriteEndObject();
        _entries++;
        _bytes += payload.Length;
        if (_entries >= MaxEntries || _bytes >= MaxBytes)
            await EndEntriesAsync(cancellationToken);
    }

    private void WriteKey(PrivateKeyBatch batch, string certificate)
    {
        if (batch.KeyOf(certificate) is not { } pkcs8)
        {
            _json.WriteString("w", batch.RefusalOf(certificate));
            return;
        }
        Span<char> pem = new char[PemEncoding.GetEncodedSize(KeyLabel.Length, pkcs8.Length)];
        PemEncoding.TryWrite(KeyLabel, pkcs8, pem, out _);
        _json.WriteString("s", pem);
        _bytes += pem.Length;
        pem.Clear();
    }

    private Task BeginAsync(long from, bool snapshot, CancellationToken cancellationToken) => WriteLineAsync(
        new FeedFrame
        {
            Type = FeedFrame.Begin,
            Snapshot = snapshot,
            SchemaVersion = MatchTableJson.SchemaVersion,
            CompilerVersion = Compiler.Version,
            Revision = from,
        },
        cancellationToken);

    private async Task CommitAsync(PoolVersion version, bool? explained, CancellationToken cancellationToken)
    {
        await EndEntriesAsync(cancellationToken);
        await WriteLineAsync(
            new FeedFrame
            {
                Type = FeedFrame.Commit,
                Revision = version.Revision,
                Hash = TableHash.Format(version.Table.Hash),
                Count = version.Table.Count,
                Explained = explained,
            },
            cancellationToken);
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
