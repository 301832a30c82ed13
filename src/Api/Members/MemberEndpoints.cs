using System.Text.Json;
using Gatehouse.Api.Access;
using Gatehouse.Api.Bodies;
using Gatehouse.Api.Errors;
using Gatehouse.Api.Idempotency;
using Gatehouse.Api.Lists;
using Gatehouse.Api.OpenApi;
using Gatehouse.Api.Resources;
using Gatehouse.Api.Tokens;
using Gatehouse.Contracts.Api;
using Gatehouse.Persistence;
using Gatehouse.Persistence.Identity;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.EntityFrameworkCore;

namespace Gatehouse.Api.Members;

/// <summary>Members of a tenant and their roles; named by email address or user id.</summary>
internal static class MemberEndpoints
{
    private const string Collection = "members";

    private static readonly string[] ServerOwned = ["tenant", "id", "createdAt", "updatedAt"];

    public static RouteGroupBuilder MapMembers(this IEndpointRouteBuilder tenant)
    {
        var group = tenant.MapGroup("/members").WithTags("Members").RequireRole(Role.Admin);
        group.MapGet("/", ListAsync).RequireRole(Role.Viewer).Describe("listMembers", "List members").WithPageParameters();
        group.MapGet("/{name}", GetAsync).RequireRole(Role.Viewer).Describe("getMember", "Read a member");
        group.MapPost("/", PostAsync).Describe("createMember", "Add a member")
            .Accepts<MemberView>(JsonBody.Json).WithWriteParameters().WithIdempotencyKey();
        group.MapPut("/{name}", PutAsync).Describe("putMember", "Add a member or change the role")
            .Accepts<MemberView>(JsonBody.Json).WithWriteParameters().WithPreconditions();
        group.MapPatch("/{name}", PatchAsync).Describe("patchMember", "Change a member's role by a JSON merge patch")
            .WithMergePatchBody().WithWriteParameters().WithPreconditions();
        group.MapDelete("/{name}", DeleteAsync).Describe("deleteMember", "Remove a member")
            .WithDeleteParameters(cascade: false).WithPreconditions();
        return group;
    }

    private static async Task<Results<Ok<ListPage<MemberView>>, ProblemResult>> ListAsync(
        HttpContext context, Transactions transactions, RequestAccess access, CancellationToken cancellationToken)
    {
        if (!ListQuery.Read(context.Request, Collection).TryGet(out var query, out var error))
            return error.ToProblem();
        await using var transaction = await transactions.ReadAsync(access.Tenant.Id, cancellationToken);
        var page = await transaction.Db.Memberships.AsNoTracking().Include(static member => member.User)
            .PageAsync(static member => member.User!.UserName!, query, Collection, member => member.ToDocument(member.User!, access.Tenant.Name), cancellationToken);
        return TypedResults.Ok(page);
    }

    private static async Task<Results<Ok<MemberView>, ProblemResult>> GetAsync(
        string name, HttpContext context, Transactions transactions, RequestAccess access, CancellationToken cancellationToken)
    {
        await using var transaction = await transactions.ReadAsync(access.Tenant.Id, cancellationToken);
        if (await MemberWrites.FindUserAsync(transaction.Db, name, cancellationToken) is not { } user
            || await transaction.Db.Memberships.AsNoTracking().FirstOrDefaultAsync(member => member.UserId == user.Id, cancellationToken) is not { } found)
        {
            return new NotFoundError().ToProblem();
        }
        context.Response.Headers.ETag = found.ETag();
        return TypedResults.Ok(found.ToDocument(user, access.Tenant.Name));
    }

    private static async Task<Results<Created<MemberView>, ReplayResult, ProblemResult>> PostAsync(
        HttpContext context, RequestAccess access, MemberWrites members, IdempotentPosts posts, CancellationToken cancellationToken)
    {
        var body = await JsonBody.ReadAsync(context.Request, JsonBody.Json, cancellationToken);
        if (!body.TryGet(out var json, out var error) || !ReadDraft(json, nameNeeded: true).TryGet(out var draft, out error))
            return error.ToProblem();
        var result = await posts.RunAsync(
            context, access.Tenant.Id, json, (transaction, token) => members.CreateAsync(transaction, draft.Name!, draft.Role, token));
        if (!result.TryGet(out var posted, out error))
            return error.ToProblem();
        if (posted.Written is not { } created)
            return new ReplayResult(posted.Stored!);
        context.Response.Headers.ETag = created.ETag;
        return TypedResults.Created(created.Location, created.Document);
    }

    private static async Task<Results<Ok<MemberView>, Created<MemberView>, ProblemResult>> PutAsync(
        string name, HttpContext context, MemberWrites members, CancellationToken cancellationToken)
    {
        var body = await JsonBody.ReadAsync(context.Request, JsonBody.Json, cancellationToken);
        if (!body.TryGet(out var json, out var error) || !ReadDraft(json, nameNeeded: false).TryGet(out var draft, out error))
            return error.ToProblem();
        if (draft.Name is not null && !draft.Name.Equals(name, StringComparison.OrdinalIgnoreCase) && !Guid.TryParse(name, out _))
            return NameErrors.Mismatch.ToProblem();
        if (!(await members.PutAsync(context, name, draft.Role)).TryGet(out var written, out error))
            return error.ToProblem();
        context.Response.Headers.ETag = written.ETag;
        return written.Created ? TypedResults.Created(written.Location, written.Document) : TypedResults.Ok(written.Document);
    }

    private static async Task<Results<Ok<MemberView>, ProblemResult>> PatchAsync(
        string name, HttpContext context, RequestAccess access, Transactions transactions, MemberWrites members, CancellationToken cancellationToken)
    {
        var present = (await GetAsync(name, context, transactions, access, cancellationToken)).Result as Ok<MemberView>;
        if (present?.Value is not { } member)
            return new NotFoundError().ToProblem();
        var body = await JsonBody.ReadAsync(context.Request, JsonBody.MergePatch, cancellationToken);
        if (!body.TryGet(out var patch, out var error))
            return error.ToProblem();
        var target = JsonSerializer.SerializeToElement(new { name = member.Name, role = member.Role });
        if (!ReadDraft(MergePatchDocument.Apply(target, patch), nameNeeded: true).TryGet(out var draft, out error))
            return error.ToProblem();
        if (draft.Name != member.Name)
            return NameErrors.Mismatch.ToProblem();
        if (!(await members.PutAsync(context, name, draft.Role)).TryGet(out var written, out error))
            return error.ToProblem();
        context.Response.Headers.ETag = written.ETag;
        return TypedResults.Ok(written.Document);
    }

    private static async Task<Results<NoContent, ProblemResult>> DeleteAsync(string name, HttpContext context, MemberWrites members) =>
        (await members.DeleteAsync(context, name)).TryGet(out _, out var error) ? TypedResults.NoContent() : error.ToProblem();

    private static Result<MemberDraft> ReadDraft(JsonElement body, bool nameNeeded)
    {
        var fields = BodyFields.Of(body, ["name", "role"], ServerOwned);
        var name = nameNeeded ? fields.RequiredText("name", 254) : fields.Text("name", 254);
        var role = RoleFields.Read(fields);
        return fields.Errors.Count > 0 ? new InvalidError(fields.Errors) : new MemberDraft(name, role);
    }

    private sealed record MemberDraft(string? Name, string Role);
}
