using System.Text.Json;
using Gatehouse.Api.Errors;
using Gatehouse.Control.Clusters;
using Gatehouse.Gateway.Resources;
using Gatehouse.Persistence;
using Gatehouse.Persistence.Clusters;
using Gatehouse.Persistence.Resources;
using Microsoft.EntityFrameworkCore;

namespace Gatehouse.Api.Clusters;

/// <summary>Asks the sync worker that leads a cluster: the API itself never talks to clusters.</summary>
internal sealed class ClusterWorkers(GatehouseDbContext db, Transactions transactions, ClusterReports reports, ClusterSignals signals, TimeProvider clock)
{
    /// <summary>How long a worker may take.</summary>
    public static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);

    /// <summary>How long one that may just be taking over is waited for.</summary>
    private static readonly TimeSpan PatienceWithoutWorker = TimeSpan.FromSeconds(5);

    /// <summary>Notifications may be lost.</summary>
    private static readonly TimeSpan Look = TimeSpan.FromSeconds(1);

    /// <summary>The Cluster of a name, for callers that have not entered the tenant <c>platform</c>; null: there is none.</summary>
    public async Task<ResourceEntity?> FindAsync(string cluster, CancellationToken cancellationToken)
    {
        var platform = await db.Tenants.AsNoTracking().Where(tenant => tenant.Name == ResourceKind.PlatformTenant).Select(tenant => tenant.Id).FirstAsync(cancellationToken);
        await using var transaction = await transactions.ReadAsync(platform, cancellationToken);
        return await transaction.Db.Resources.AsNoTracking().FirstOrDefaultAsync(row => row.Kind == ResourceKind.Cluster && row.Name == cluster, cancellationToken);
    }

    /// <summary>Asks and waits for the answer.</summary>
    public async Task<Result<JsonElement>> AskAsync(ResourceEntity cluster, string kind, object request, CancellationToken cancellationToken)
    {
        var task = await ClusterTasks.AddAsync(db, cluster.Id, kind, Write(request), Patience, cancellationToken);
        return await AnswerAsync(cluster.Name, task, cancellationToken);
    }

    /// <summary>Waits for the answer to a task that is committed.</summary>
    public async Task<Result<JsonElement>> AnswerAsync(string cluster, Guid task, CancellationToken cancellationToken)
    {
        var start = clock.GetTimestamp();
        while (true)
        {
            var next = signals.NextAnswer;
            if (await ClusterTasks.AnswerAsync(db, task, cancellationToken) is { } answer)
                return Read(cluster, answer);
            var left = (LeaderOf(cluster) is null ? PatienceWithoutWorker : Patience) - clock.GetElapsedTime(start);
            if (left <= TimeSpan.Zero)
                return new WorkerSilentError(cluster, LeaderOf(cluster), reports.Of(cluster)?.Leader);
            await WaitAsync(next, left < Look ? left : Look, cancellationToken);
        }
    }

    /// <summary>JSON of a request.</summary>
    public static string Write(object request) => JsonSerializer.Serialize(request, request.GetType(), JsonSerializerOptions.Web);

    /// <summary>The worker that leads, as far as is known; null: none has said anything lately.</summary>
    private string? LeaderOf(string cluster) => reports.Of(cluster) is { Leader: { } leader } report && !report.IsSilent(clock.GetUtcNow()) ? leader : null;

    private static Result<JsonElement> Read(string cluster, string answer)
    {
        using var document = JsonDocument.Parse(answer, new JsonDocumentOptions { MaxDepth = 128 });
        var root = document.RootElement;
        return root.ValueKind == JsonValueKind.Object && root.TryGetProperty("problem", out var problem) && problem.ValueKind == JsonValueKind.String
            ? new WorkerRefusedError(cluster, problem.GetString()!)
            : root.Clone();
    }

    private async Task WaitAsync(Task next, TimeSpan longest, CancellationToken cancellationToken)
    {
        try
        {
            await next.WaitAsync(longest, clock, cancellationToken);
        }
        catch (TimeoutException)
        {
            // Look again.
        }
    }
}

/// <summary>No answer came.</summary>
internal sealed record WorkerSilentError(string Cluster, string? Leader, string? LastLeader) : Error(
    ErrorKind.WaitedInVain,
    Leader is null ? "no_worker" : "worker_timeout",
    Leader is not null
        ? $"The sync worker `{Leader}` of cluster `{Cluster}` did not answer within {ClusterWorkers.Patience.TotalSeconds:0} s: try again, and look at its log if this stays."
        : $"No sync worker leads cluster `{Cluster}`{(LastLeader is null ? "" : $" (the last one was `{LastLeader}`)")}: a platform admin must run one that reaches this database.");

/// <summary>The worker says why it cannot.</summary>
internal sealed record WorkerRefusedError(string Cluster, string Problem)
    : Error(ErrorKind.Conflict, "worker_refused", $"The sync worker of cluster `{Cluster}` could not do it: {Problem}");
