using Microsoft.EntityFrameworkCore;

namespace Gatehouse.Persistence.Clusters;

/// <summary>
/// What the API asks the sync worker of a cluster. The API's login adds tasks and reads their answers; the worker's does the rest. Times are the
/// database's, so that a task that nobody waits for any more is not begun, whatever the hosts' clocks say.
/// </summary>
public static class ClusterTasks
{
    /// <summary>Channel of the NOTIFY that says that there is a task.</summary>
    public const string TaskChannel = "gatehouse_cluster_task";

    /// <summary>Channel of the NOTIFY that says that a task was answered.</summary>
    public const string AnswerChannel = "gatehouse_cluster_answer";

    /// <summary>Adds a task and returns its id; it is there for the worker once the transaction, if there is one, is committed.</summary>
    /// <param name="db">Context.</param>
    /// <param name="cluster">Id of the Cluster.</param>
    /// <param name="kind">Kind.</param>
    /// <param name="request">JSON.</param>
    /// <param name="patience">How long somebody waits: after that it is not begun.</param>
    /// <param name="cancellationToken">Ends it.</param>
    public static async Task<Guid> AddAsync(
        GatehouseDbContext db, Guid cluster, string kind, string request, TimeSpan patience, CancellationToken cancellationToken)
    {
        var id = Guid.CreateVersion7();
        await db.Database.ExecuteSqlAsync(
            $"""
            WITH added AS (
                INSERT INTO cluster_tasks (id, cluster, kind, request, created_at, expires_at)
                VALUES ({id}, {cluster}, {kind}, {request}, clock_timestamp(), clock_timestamp() + {patience}) RETURNING cluster)
            SELECT pg_notify({TaskChannel}, cluster::text) FROM added
            """,
            cancellationToken);
        return id;
    }

    /// <summary>The answer to a task as JSON; null: there is none yet.</summary>
    public static async Task<string?> AnswerAsync(GatehouseDbContext db, Guid id, CancellationToken cancellationToken)
    {
        var answers = await db.Database
            .SqlQuery<string?>($"SELECT answer AS \"Value\" FROM cluster_tasks WHERE id = {id}").ToListAsync(cancellationToken);
        return answers is [var answer] ? answer : null;
    }
}
