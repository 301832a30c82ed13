using System.Globalization;
using System.Text.Json;
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

namespace Gatehouse.Api.Revisions;

/// <summary>Revisions: what each committed write changed in a tenant. The number is that of the whole installation, so a tenant's have gaps.</summary>
internal static class RevisionEndpoints
{
    private const string Collection = "revisions";

    public static RouteGroupBuilder MapRevisions(this IEndpointRouteBuilder tenant)
    {
        var group = tenant.MapGroup("/revisions").WithTags("History").RequireRole(Role.Viewer);
        group.MapGet("/", ListAsync).Describe("listRevisions", "List revisions, newest first").WithPageParameters();
        group.MapGet("/{revision}", GetAsync).Describe("getRevision", "Read a revision with what changed");
        return group;
    }

    private static async Task<Results<Ok<ListPage<RevisionView>>, ProblemResult>> ListAsync(
        HttpContext context, Transactions transactions, RequestAccess access, CancellationToken cancellationToken)
    {
        if (!ListQuery.Read(context.Request, Collection).TryGet(out var query, out var error))
            return error.ToProblem();
        var before = long.MaxValue;
        if (query.After is { } text && !TryReadNumber(text, out before))
            return new InvalidError("?continue", "invalid_format", "This is not a token of this list; start again without it.").ToProblem();
        await using var transaction = await transactions.ReadAsync(access.Tenant.Id, cancellationToken);
        var db = transaction.Db;
        var revisions = await db.Revisions.AsNoTracking().Where(revision => revision.Number < before)
            .OrderByDescending(static revision => revision.Number).Take(query.Limit + 1).Include(static revision => revision.Changes).ToListAsync(cancellationToken);
        string? next = null;
        long? remaining = null;
        if (revisions.Count > query.Limit)
        {
            revisions.RemoveAt(query.Limit);
            var last = revisions[^1].Number;
            next = ContinueToken.After(Collection, last.ToString(CultureInfo.InvariantCulture));
            remaining = await db.Revisions.LongCountAsync(revision => revision.Number < last, cancellationToken);
        }
        var events = await EventsAsync(db, revisions, cancellationToken);
        return TypedResults.Ok(new ListPage<RevisionView>([.. revisions.Select(revision => Document(revision, events, whole: false))], next, remaining));
    }

    private static async Task<Results<Ok<RevisionView>, ProblemResult>> GetAsync(
        string revision, Transactions transactions, RequestAccess access, CancellationToken cancellationToken)
    {
        if (!TryReadNumber(revision, out var number))
            return new NotFoundError().ToProblem();
        await using var transaction = await transactions.ReadAsync(access.Tenant.Id, cancellationToken);
        var found = await transaction.Db.Revisions.AsNoTracking().Include(static row => row.Changes)
            .FirstOrDefaultAsync(row => row.Number == number, cancellationToken);
        return found is null
            ? new NotFoundError().ToProblem()
            : TypedResults.Ok(Document(found, await EventsAsync(transaction.Db, [found], cancellationToken), whole: true));
    }

    private static bool TryReadNumber(string text, out long number) => long.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out number);

    private static Task<Dictionary<Guid, AuditEvent>> EventsAsync(GatehouseDbContext db, IEnumerable<Revision> revisions, CancellationToken cancellationToken)
    {
        var ids = revisions.SelectMany(static revision => revision.Changes).Select(static change => change.AuditEventId).ToList();
        return db.AuditEvents.AsNoTracking().Where(audit => ids.Contains(audit.Id)).ToDictionaryAsync(static audit => audit.Id, cancellationToken);
    }

    private static RevisionView Document(Revision revision, Dictionary<Guid, AuditEvent> events, bool whole)
    {
        var first = revision.Changes.Select(change => events.GetValueOrDefault(change.AuditEventId)).FirstOrDefault(static audit => audit is not null);
        return new RevisionView
        {
            Revision = revision.Number,
            At = revision.CommittedAt,
            Actor = first is null ? new ActorView(Actor.SystemKind, Actor.System.Name) : new ActorView(first.ActorKind, first.ActorName, first.ActorId),
            Changes = [.. revision.Changes.Select(change => Document(change, events.GetValueOrDefault(change.AuditEventId), whole))],
        };
    }

    private static RevisionChangeView Document(RevisionChange change, AuditEvent? audit, bool whole) => new()
    {
        Action = change.Verb,
        Kind = change.Kind,
        Name = change.Name,
        Before = whole ? Json(audit?.Before) : null,
        After = whole ? Json(audit?.After) : null,
    };

    private static JsonElement? Json(string? text) => text is null ? null : JsonSerializer.Deserialize<JsonElement>(text);
}
