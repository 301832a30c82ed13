using Gatehouse.Api.Access;
using Gatehouse.Api.Errors;
using Gatehouse.Api.Lists;
using Gatehouse.Api.OpenApi;
using Gatehouse.Contracts.Api;
using Gatehouse.Persistence;
using Gatehouse.Persistence.Audit;
using Gatehouse.Persistence.Identity;
using Gatehouse.Persistence.Revisions;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.EntityFrameworkCore;

namespace Gatehouse.Api.Audit;

/// <summary>The audit log of a tenant; that of the platform (tenants, users, classes) is the tenant <c>platform</c>'s.</summary>
internal static class AuditEndpoints
{
    private const string Collection = "audit";

    public static RouteGroupBuilder MapAudit(this IEndpointRouteBuilder tenant)
    {
        var group = tenant.MapGroup("/audit").WithTags("History").RequireRole(Role.Viewer);
        group.MapGet("/", ListAsync).Describe("listAuditEvents", "List audit events, newest first").WithPageParameters()
            .Query("kind", "string", "Kind of the object.", "HTTPRoute")
            .Query("name", "string", "Name of the object.", "web")
            .Query("action", "string", "What was done: create, update, delete, or the name of an action such as approve, revoke or expires-soon.", "update")
            .Query("actor", "string", "Email address or token name of who did it.", "ci")
            .Query("since", "string", "Not older than this time (RFC 3339).", "2030-01-31T12:00:00Z")
            .Query("until", "string", "Older than this time (RFC 3339).", "2030-02-28T12:00:00Z");
        return group;
    }

    private static async Task<Results<Ok<ListPage<AuditView>>, ProblemResult>> ListAsync(
        HttpContext context, Transactions transactions, RequestAccess access, CancellationToken cancellationToken)
    {
        if (!AuditQuery.Read(context.Request, Collection).TryGet(out var query, out var error))
            return error.ToProblem();
        await using var transaction = await transactions.ReadAsync(access.Tenant.Id, cancellationToken);
        var db = transaction.Db;
        var after = query.Page.After is { } text ? Guid.Parse(text) : (Guid?)null;
        var limit = query.Page.Limit;
        var events = await db.AuditEvents.FromSql(query.ToSql(after)).AsNoTracking()
            .OrderByDescending(static audit => audit.Id).Take(limit + 1).ToListAsync(cancellationToken);
        string? next = null;
        long? remaining = null;
        if (events.Count > limit)
        {
            events.RemoveAt(limit);
            next = ContinueToken.After(Collection, events[^1].Id.ToString());
            remaining = await db.AuditEvents.FromSql(query.ToSql(events[^1].Id)).LongCountAsync(cancellationToken);
        }
        var revisions = await RevisionsAsync(db, events, cancellationToken);
        return TypedResults.Ok(new ListPage<AuditView>(
            [.. events.Select(audit => Document(audit, access.Tenant.Name, revisions))], next, remaining));
    }

    private static Task<Dictionary<Guid, long>> RevisionsAsync(GatehouseDbContext db, List<AuditEvent> events, CancellationToken cancellationToken)
    {
        var ids = events.ConvertAll(static audit => audit.Id);
        return db.Set<RevisionChange>().AsNoTracking().Where(change => ids.Contains(change.AuditEventId))
            .ToDictionaryAsync(static change => change.AuditEventId, static change => change.Revision, cancellationToken);
    }

    private static AuditView Document(AuditEvent audit, string tenant, Dictionary<Guid, long> revisions) => new()
    {
        Id = audit.Id,
        At = audit.OccurredAt,
        Actor = new ActorView(audit.ActorKind, audit.ActorName, audit.ActorId),
        Action = audit.Verb,
        Kind = audit.ObjectKind,
        Name = audit.ObjectName,
        Tenant = tenant,
        Revision = revisions.TryGetValue(audit.Id, out var revision) ? revision : null,
        TraceId = audit.RequestId,
    };
}
