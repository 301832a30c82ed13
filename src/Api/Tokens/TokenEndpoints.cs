using Gatehouse.Api.Access;
using Gatehouse.Api.Bodies;
using Gatehouse.Api.Errors;
using Gatehouse.Api.Idempotency;
using Gatehouse.Api.Lists;
using Gatehouse.Api.OpenApi;
using Gatehouse.Api.Resources;
using Gatehouse.Api.Writes;
using Gatehouse.Contracts.Api;
using Gatehouse.Persistence;
using Gatehouse.Persistence.Identity;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.EntityFrameworkCore;

namespace Gatehouse.Api.Tokens;

/// <summary>API tokens of a tenant: admins issue, list and delete them.</summary>
internal static class TokenEndpoints
{
    private const string Collection = "tokens";

    public static RouteGroupBuilder MapTokens(this IEndpointRouteBuilder tenant)
    {
        var group = tenant.MapGroup("/tokens").WithTags("Tokens").RequireRole(Role.Admin);
        group.MapGet("/", ListAsync).Describe("listTokens", "List API tokens").WithPageParameters();
        group.MapGet("/{name}", GetAsync).Describe("getToken", "Read an API token");
        group.MapPost("/", PostAsync).Describe("createToken", "Issue an API token; the answer alone shows it")
            .Accepts<ApiTokenView>(JsonBody.Json).WithWriteParameters().WithIdempotencyKey();
        group.MapDelete("/{name}", DeleteAsync).Describe("deleteToken", "Delete an API token; it stops working at once").WithDeleteParameters(cascade: false);
        return group;
    }

    private static async Task<Results<Ok<ListPage<ApiTokenView>>, ProblemResult>> ListAsync(
        HttpContext context, Transactions transactions, RequestAccess access, CancellationToken cancellationToken)
    {
        if (!ListQuery.Read(context.Request, Collection).TryGet(out var query, out var error))
            return error.ToProblem();
        await using var transaction = await transactions.ReadAsync(access.Tenant.Id, cancellationToken);
        var issuers = await IssuersAsync(transaction.Db, cancellationToken);
        var page = await transaction.Db.ApiTokens.AsNoTracking()
            .PageAsync(static token => token.Name, query, Collection, token => Document(token, access, issuers), cancellationToken);
        return TypedResults.Ok(page);
    }

    private static async Task<Results<Ok<ApiTokenView>, ProblemResult>> GetAsync(
        string name, Transactions transactions, RequestAccess access, CancellationToken cancellationToken)
    {
        await using var transaction = await transactions.ReadAsync(access.Tenant.Id, cancellationToken);
        var token = await transaction.Db.ApiTokens.AsNoTracking().FirstOrDefaultAsync(candidate => candidate.Name == name, cancellationToken);
        return token is null
            ? new NotFoundError().ToProblem()
            : TypedResults.Ok(Document(token, access, await IssuersAsync(transaction.Db, cancellationToken)));
    }

    private static async Task<Results<Created<ApiTokenView>, ReplayResult, ProblemResult>> PostAsync(
        HttpContext context, RequestAccess access, IdempotentPosts posts, TimeProvider clock, CancellationToken cancellationToken)
    {
        var body = await JsonBody.ReadAsync(context.Request, JsonBody.Json, cancellationToken);
        if (!body.TryGet(out var json, out var error) || !TokenDraft.Read(json).TryGet(out var draft, out error))
            return error.ToProblem();
        if (Refuse(draft, access, clock.GetUtcNow()) is { } refused)
            return refused.ToProblem();
        var result = await posts.RunAsync(
            context, access.Tenant.Id, json, (transaction, token) => IssueAsync(transaction, draft, access, token), static view => view with { Token = null });
        if (!result.TryGet(out var posted, out error))
            return error.ToProblem();
        return posted.Written is { } created ? TypedResults.Created(created.Location, created.Document) : new ReplayResult(posted.Stored!);
    }

    private static async Task<Results<NoContent, ProblemResult>> DeleteAsync(string name, HttpContext context, RequestAccess access, Writes.Writes writes)
    {
        var result = await writes.RunAsync<ApiToken>(context, access.Tenant.Id, async (transaction, cancellationToken) =>
        {
            var token = await transaction.Db.ApiTokens.FirstOrDefaultAsync(candidate => candidate.Name == name, cancellationToken);
            if (token is null)
                return new NotFoundError();
            transaction.Db.ApiTokens.Remove(token);
            return token;
        });
        return result.TryGet(out _, out var error) ? TypedResults.NoContent() : error.ToProblem();
    }

    private static Error? Refuse(TokenDraft draft, RequestAccess access, DateTimeOffset now)
    {
        if (!access.HasRole(draft.Role))
            return TokenErrors.AboveIssuer(draft.Role);
        if (draft.ExpiresAt <= now)
            return TokenErrors.Past;
        if (access.Caller.Token?.ExpiresAt is { } end && draft.ExpiresAt > end)
            return TokenErrors.OutlivesIssuer;
        return access.Caller.User is not null && access.Caller.Memberships.All(membership => membership.Tenant.Id != access.Tenant.Id)
            ? TokenErrors.IssuerIsNoMember
            : null;
    }

    private static async Task<Result<Written<ApiTokenView>>> IssueAsync(
        WriteTransaction transaction, TokenDraft draft, RequestAccess access, CancellationToken cancellationToken)
    {
        if (await transaction.Db.ApiTokens.AnyAsync(candidate => candidate.Name == draft.Name, cancellationToken))
            return new AlreadyExistsError(draft.Name);
        var secret = OpaqueToken.Create(OpaqueToken.ApiPrefix);
        var token = new ApiToken
        {
            TenantId = transaction.TenantId,
            Name = draft.Name,
            Role = draft.Role,
            TokenHash = OpaqueToken.Hash(secret),
            IssuerId = access.Caller.User?.Id,
            ParentId = access.Caller.Token is { } parent && parent.TenantId == transaction.TenantId ? parent.Id : null,
            ExpiresAt = draft.ExpiresAt ?? access.Caller.Token?.ExpiresAt,
            CreatedAt = transaction.Now,
        };
        transaction.Db.ApiTokens.Add(token);
        await transaction.Db.SaveChangesAsync(cancellationToken);
        var document = Document(token, access, await IssuersAsync(transaction.Db, cancellationToken)) with { Token = transaction.DryRun ? null : secret };
        return new Written<ApiTokenView>(document, true, $"{ApiEndpoints.Base}/tenants/{access.Tenant.Name}/{Collection}/{token.Name}", null);
    }

    private static Task<Dictionary<Guid, string>> IssuersAsync(GatehouseDbContext db, CancellationToken cancellationToken) =>
        db.Memberships.Select(static membership => membership.User!).ToDictionaryAsync(static user => user.Id, static user => user.UserName ?? "", cancellationToken);

    private static ApiTokenView Document(ApiToken token, RequestAccess access, Dictionary<Guid, string> issuers) => new()
    {
        Name = token.Name,
        Tenant = access.Tenant.Name,
        Id = token.Id,
        Role = token.Role,
        ExpiresAt = token.ExpiresAt,
        Issuer = token.IssuerId is { } issuer ? issuers.GetValueOrDefault(issuer) : "admin-token",
        CreatedAt = token.CreatedAt,
    };
}
