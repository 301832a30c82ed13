using System.Text.Json;
using Gatehouse.DataPlane.Hosting;
using Gatehouse.DataPlane.Routing;
using Gatehouse.Gateway.Matching;
using Gatehouse.ServiceDefaults;

namespace Gatehouse.DataPlane.Snapshots;

/// <summary>Serves a match table from a file (<c>--snapshot</c>) and follows its changes.</summary>
internal sealed partial class SnapshotFileSource(DataPlaneOptions options, TableStore tables, Readiness readiness, TimeProvider clock, ILogger<SnapshotFileSource> log)
    : BackgroundService
{
    private DateTime _seen;

    public override async Task StartAsync(CancellationToken cancellationToken)
    {
        await LoadAsync(cancellationToken);
        await base.StartAsync(cancellationToken);
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var timer = new PeriodicTimer(TimeSpan.FromMilliseconds(500), clock);
        while (await timer.WaitForNextTickAsync(stoppingToken))
        {
            try
            {
                if (File.GetLastWriteTimeUtc(options.SnapshotFile!) != _seen)
                    await LoadAsync(stoppingToken);
            }
            catch (Exception failure) when (failure is IOException or JsonException or UnauthorizedAccessException)
            {
                Log.Unreadable(log, options.SnapshotFile!, failure.Message);
            }
        }
    }

    private async Task LoadAsync(CancellationToken cancellationToken)
    {
        _seen = File.GetLastWriteTimeUtc(options.SnapshotFile!);
        var content = await File.ReadAllBytesAsync(options.SnapshotFile!, cancellationToken);
        var table = JsonSerializer.Deserialize<MatchTable>(content, MatchTableJson.Options) ?? throw new JsonException("The file is empty.");
        var secrets = JsonSerializer.Deserialize<FileSecrets>(content, MatchTableJson.Options)!.Secrets;
        var edits = TableEdit.Of(table, secrets.ToDictionary(secret => secret.Key, secret => new Secret(secret.Value))).ToList();
        var gone = Entries(tables.Current).Except(edits.Select(edit => (edit.Table, edit.Key)));
        foreach (var refusal in tables.Apply([.. gone.Select(key => new TableEdit(key.Table, key.Key, null)), .. edits]))
            Log.Refused(log, refusal.Table, refusal.Key, refusal.Reason);
        readiness.TableApplied();
    }

    private static IEnumerable<(string Table, string Key)> Entries(RouteTable table) => TableEdit.Of(table.Export()).Select(edit => (edit.Table, edit.Key));

    /// <summary>What such a file has besides the table.</summary>
    private sealed class FileSecrets
    {
        /// <summary>Private keys as PKCS#8 PEM, by the certificate's key.</summary>
        public Dictionary<string, string> Secrets { get; init; } = [];
    }

    private static partial class Log
    {
        [LoggerMessage(Level = LogLevel.Warning, Message = "{Table} {Key} is not served: {Reason}.")]
        public static partial void Refused(ILogger logger, string table, string key, string reason);

        [LoggerMessage(Level = LogLevel.Error, Message = "{File} cannot be read and what is served stays: {Reason}")]
        public static partial void Unreadable(ILogger logger, string file, string reason);
    }
}
