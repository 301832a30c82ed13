using System.Text.Json;
using Gatehouse.DataPlane.Hosting;
using Gatehouse.DataPlane.Routing;
using Gatehouse.Gateway.Matching;

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
        await using var file = File.OpenRead(options.SnapshotFile!);
        var table = await JsonSerializer.DeserializeAsync<MatchTable>(file, MatchTableJson.Options, cancellationToken) ?? throw new JsonException("The file is empty.");
        var gone = Entries(tables.Current).Except(TableEdit.Of(table).Select(edit => (edit.Table, edit.Key)));
        foreach (var refusal in tables.Apply([.. gone.Select(key => new TableEdit(key.Table, key.Key, null)), .. TableEdit.Of(table)]))
            Log.Refused(log, refusal.Table, refusal.Key, refusal.Reason);
        readiness.TableApplied();
    }

    private static IEnumerable<(string Table, string Key)> Entries(RouteTable table) => TableEdit.Of(table.Export()).Select(edit => (edit.Table, edit.Key));

    private static partial class Log
    {
        [LoggerMessage(Level = LogLevel.Warning, Message = "{Table} {Key} is not served: {Reason}.")]
        public static partial void Refused(ILogger logger, string table, string key, string reason);

        [LoggerMessage(Level = LogLevel.Error, Message = "{File} cannot be read and what is served stays: {Reason}")]
        public static partial void Unreadable(ILogger logger, string file, string reason);
    }
}
