using Gatehouse.Api.Access;
using Gatehouse.Api.Bodies;
using Gatehouse.Api.Errors;
using Gatehouse.Api.Idempotency;
using Gatehouse.Api.Lists;
using Gatehouse.Api.Members;
using Gatehouse.Api.OpenApi;
using Gatehouse.Contracts.Api;
using Gatehouse.Persistence;
using Gatehouse.Persistence.Identity;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.EntityFrameworkCore;

namespace Gatehouse.Api.Users;

/// <summary>Users: platform admins alone; named by email address or id.</summary>
internal static class UserEndpoints
{
    private const string Collection = "users";

    public static RouteGroupBuilder MapUsers(this IEndpointRouteBuilder api)
    {
        var group = api.MapGroup("/users").WithTags("Platform").RequirePlatformAdmin();
        group.MapGet("/", ListAsync).Describe("listUsers", "List users").WithPageParameters();
        group.MapGet("/{name}", GetAsync).Describe("getUser", "Read a user");
        group.MapPost("/", PostAsync).Describe("createUser", "Create a user")
            .Accepts<UserView>(JsonBody.Json).WithWriteParameters().WithIdempotencyKey();
        group.MapPatch("/{name}", PatchAsync).Describe("patchUser", "Change a user, set the password, disable or enable")
            .WithMergePatchBody().WithWriteParameters();
        group.MapDelete("/{name}", DeleteAsync).Describe("deleteUser", "Delete a user").WithDeleteParameters(cascade: false);
        return group;
    }

    private static async Task<Results<Ok<ListPage<UserView>>, ProblemResult>> ListAsync(
        HttpContext context, Transactions transactions, RequestAccess access, CancellationToken cancellationToken)
    {
        if (!ListQuery.Read(context.Request, Collection).TryGet(out var query, out var error))
            return error.ToProblem();
        await using var transaction = await transactions.ReadAsync(access.Platform.Id, cancellationToken);
        var admins = await AdminsAsync(transaction.Db, cancellationToken);
        var page = await transaction.Db.Users.AsNoTracking()
            .PageAsync(static user => user.UserName!, query, Collection, user => user.ToDocument(admins.Contains(user.Id)), cancellationToken);
        return TypedResults.Ok(page);
    }

    private static async Task<Results<Ok<UserView>, ProblemResult>> GetAsync(
        string name, Transactions transactions, RequestAccess access, CancellationToken cancellationToken)
    {
        await using var transaction = await transactions.ReadAsync(access.Platform.Id, cancellationToken);
        return await MemberWrites.FindUserAsync(transaction.Db, name, cancellationToken) is { } user
            ? TypedResults.Ok(user.ToDocument((await AdminsAsync(transaction.Db, cancellationToken)).Contains(user.Id)))
            : new NotFoundError().ToProblem();
    }

    private static async Task<Results<Created<UserView>, ReplayResult, ProblemResult>> PostAsync(
        HttpContext context, RequestAccess access, UserWrites users, IdempotentPosts posts, CancellationToken cancellationToken)
    {
        var body = await JsonBody.ReadAsync(context.Request, JsonBody.Json, cancellationToken);
        if (!body.TryGet(out var json, out var error) || !UserDraft.Read(json).TryGet(out var draft, out error))
            return error.ToProblem();
        var result = await posts.RunAsync(context, access.Platform.Id, json, (transaction, token) => users.CreateAsync(transaction, draft, token));
        if (!result.TryGet(out var posted, out error))
            return error.ToProblem();
        return posted.Written is { } created ? TypedResults.Created(created.Location, created.Document) : new ReplayResult(posted.Stored!);
    }

    /// <summary>Every field of a user is optional in a draft, so a merge patch is a draft; removing makes no sense for any of them.</summary>
    private static async Task<Results<Ok<UserView>, ProblemResult>> PatchAsync(
        string name, HttpContext context, UserWrites users, CancellationToken cancellationToken)
    {
        var body = await JsonBody.ReadAsync(context.Request, JsonBody.MergePatch, cancellationToken);
        if (!body.TryGet(out var json, out var error)
            || !UserDraft.Read(json).TryGet(out var draft, out error)
            || !(await users.ChangeAsync(context, name, draft)).TryGet(out var view, out error))
        {
            return error.ToProblem();
        }
        return TypedResults.Ok(view);
    }

    private static async Task<Results<NoContent, ProblemResult>> DeleteAsync(string name, HttpContext context, UserWrites users) =>
        (await users.DeleteAsync(context, name)).TryGet(out _, out var error) ? TypedResults.NoContent() : error.ToProblem();

    private static async Task<HashSet<Guid>> AdminsAsync(GatehouseDbContext db, CancellationToken cancellationToken) =>
        [.. await db.Memberships.Where(static member => member.Role == Role.Admin || member.Role == Role.Owner).Select(static member => member.UserId).ToListAsync(cancellationToken)];
}
