using System.IO.Compression;
using System.Security.Cryptography;
using System.Text.Json;
using Gatehouse.Contracts.Feed;
using Gatehouse.DataPlane.Feed;
using Gatehouse.DataPlane.Hosting;
using Gatehouse.DataPlane.Routing;
using Gatehouse.Gateway.Compilation;
using Gatehouse.Gateway.Matching;
using Gatehouse.ServiceDefaults;

namespace Gatehouse.DataPlane.Snapshots;

/// <summary>
/// Keeps what is in force on disk, so that a data plane that starts while the control plane is away serves at once. Written in the
/// background, some time after a change.
/// </summary>
internal sealed partial class LastGoodSnapshot(DataPlaneOptions options, TableStore tables, TimeProvider clock, ILogger<LastGoodSnapshot> log) : BackgroundService
{
    private static readonly TimeSpan Settle = TimeSpan.FromMilliseconds(300);

    /// <summary>Writing costs in proportion to the table: at most this share of the time goes into it.</summary>
    private const int RestFactor = 10;

    private readonly SnapshotVault? _vault = options.DataDir is null ? null : new SnapshotVault(options.DataDir, options.Pool);
    private readonly SemaphoreSlim _due = new(0, 1);
    private FeedPosition? _scheduled;

    /// <summary>Fills the ledger from disk; false: there is nothing that can be used.</summary>
    public async Task<bool> LoadAsync(FeedLedger ledger, CancellationToken cancellationToken)
    {
        if (_vault is null)
            return false;
        try
        {
            if (await _vault.ReadAsync(cancellationToken) is not { } packed)
                return false;
            await using var unpacked = new BrotliStream(new MemoryStream(packed), CompressionMode.Decompress);
            var snapshot = await JsonSerializer.DeserializeAsync<StoredSnapshot>(unpacked, MatchTableJson.Options, cancellationToken);
            if (snapshot is null || snapshot.SchemaVersion != MatchTableJson.SchemaVersion)
                return false;
            Restore(snapshot, ledger);
            return true;
        }
        catch (Exception failure) when (failure is IOException or JsonException or UnauthorizedAccessException or InvalidDataException or CryptographicException)
        {
            Log.Unusable(log, failure.Message);
            return false;
        }
    }

    /// <summary>Asks for what is in force now to be written.</summary>
    public void Schedule(FeedPosition position)
    {
        if (_vault is null)
            return;
        Volatile.Write(ref _scheduled, position);
        if (_due.CurrentCount == 0)
            _due.Release();
    }

    public override async Task StopAsync(CancellationToken cancellationToken)
    {
        await base.StopAsync(cancellationToken);
        await WriteAsync(CancellationToken.None);
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        while (!stoppingToken.IsCancellationRequested)
        {
            try
            {
                await _due.WaitAsync(stoppingToken);
                await Task.Delay(Settle, clock, stoppingToken);
                var began = clock.GetTimestamp();
                await WriteAsync(stoppingToken);
                await Task.Delay(clock.GetElapsedTime(began) * RestFactor, clock, stoppingToken);
            }
            catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested)
            {
                return;
            }
        }
    }

    private async Task WriteAsync(CancellationToken cancellationToken)
    {
        if (Interlocked.Exchange(ref _scheduled, null) is not { } position)
            return;
        try
        {
            var current = tables.Current;
            using var packed = new MemoryStream();
            await using (var packer = new BrotliStream(packed, CompressionLevel.Fastest, leaveOpen: true))
            {
                var snapshot = new StoredSnapshot(MatchTableJson.SchemaVersion, position.CompilerVersion, position.Revision, TableHash.Format(position.Hash), current.Export())
                {
                    Secrets = current.Secrets().ToDictionary(secret => secret.Key, secret => secret.Value.Reveal()),
                };
                await JsonSerializer.SerializeAsync(packer, snapshot, MatchTableJson.Options, cancellationToken);
            }
            await _vault!.WriteAsync(packed.GetBuffer().AsMemory(0, (int)packed.Length), cancellationToken);
            CryptographicOperations.ZeroMemory(packed.GetBuffer());
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException)
        {
            Log.CannotWrite(log, failure.Message);
        }
    }

    // Entries that were refused, or that a newer compiler wrote with parts that are unknown here, are not in the file as they were sent: the
    // hash comes out different then, and the feed sends a whole snapshot.
    private static void Restore(StoredSnapshot snapshot, FeedLedger ledger)
    {
        var change = new PendingChange(new FeedFrame { Type = FeedFrame.Begin, Snapshot = true, CompilerVersion = snapshot.CompilerVersion }, FeedPosition.None);
        var hash = UInt128.Zero;
        foreach (var edit in TableEdit.Of(snapshot.Table, snapshot.Secrets.ToDictionary(secret => secret.Key, secret => new Secret(secret.Value))))
        {
            var entry = new PendingEntry(TableHash.Of(edit.Table, edit.Key, TableHash.Payload(edit.Entry!)), edit.Entry, null) { Secret = edit.Secret };
            change.Entries[new EntryKey(edit.Table, edit.Key)] = entry;
            hash = unchecked(hash + entry.Hash);
        }
        ledger.Apply(change, snapshot.Revision, hash);
    }

    private sealed record StoredSnapshot(int SchemaVersion, string? CompilerVersion, long Revision, string Hash, MatchTable Table)
    {
        /// <summary>Private keys by the certificate's key; encrypted with all of the file.</summary>
        public Dictionary<string, string> Secrets { get; init; } = [];
    }

    private static partial class Log
    {
        [LoggerMessage(Level = LogLevel.Warning, Message = "The last good snapshot cannot be used: {Reason}")]
        public static partial void Unusable(ILogger logger, string reason);

        [LoggerMessage(Level = LogLevel.Error, Message = "The last good snapshot cannot be written: {Reason}")]
        public static partial void CannotWrite(ILogger logger, string reason);
    }
}
