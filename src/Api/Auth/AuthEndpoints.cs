using Gatehouse.Api.Access;
using Gatehouse.Api.Bodies;
using Gatehouse.Api.Errors;
using Gatehouse.Api.Limits;
using Gatehouse.Api.OpenApi;
using Gatehouse.Contracts.Api;
using Gatehouse.Persistence;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.EntityFrameworkCore;

namespace Gatehouse.Api.Auth;

/// <summary>Identity and sessions. They lie beside the API, not under its version.</summary>
internal static class AuthEndpoints
{
    private const int MaxPassword = 1024;

    public static RouteGroupBuilder MapAuth(this IEndpointRouteBuilder endpoints)
    {
        var group = endpoints.MapGroup("/auth").WithTags("Identity");
        group.MapPost("/login", LoginAsync).AllowAnyone().Describe("login", "Sign in with a password").Accepts<LoginRequest>(JsonBody.Json);
        group.MapPost("/logout", LogoutAsync).RequireSignIn().Describe("logout", "End the session");
        group.MapGet("/me", Me).RequireSignIn().Describe("getMe", "Who you are");
        return group;
    }

    private static async Task<Results<Ok<SessionView>, ProblemResult>> LoginAsync(
        HttpContext context, SignIn signIn, RequestRates rates, CancellationToken cancellationToken)
    {
        if (rates.TakeSignIn(context) is { } limited)
            return limited.ToProblem();
        var body = await JsonBody.ReadAsync(context.Request, JsonBody.Json, cancellationToken);
        if (!body.TryGet(out var json, out var error))
            return error.ToProblem();
        var fields = BodyFields.Of(json, ["email", "password"], []);
        var email = fields.RequiredText("email", UserNames.MaxLength);
        var password = fields.RequiredText("password", MaxPassword);
        if (fields.Errors.Count > 0)
            return new InvalidError(fields.Errors).ToProblem();
        var session = await signIn.OpenSessionAsync(email, password, cancellationToken);
        return session.TryGet(out var view, out error) ? TypedResults.Ok(view) : error.ToProblem();
    }

    private static async Task<NoContent> LogoutAsync(RequestAccess access, GatehouseDbContext db, CancellationToken cancellationToken)
    {
        if (access.Caller.Session is { } session)
            await db.Sessions.Where(candidate => candidate.Id == session.Id).ExecuteDeleteAsync(cancellationToken);
        return TypedResults.NoContent();
    }

    private static Ok<Me> Me(RequestAccess access)
    {
        var caller = access.Caller;
        return TypedResults.Ok(new Me
        {
            Kind = caller.Bootstrap ? "bootstrap" : caller.Token is null ? "user" : "token",
            Name = caller.Actor.Name,
            Id = caller.Token is null ? caller.User?.Id : null,
            DisplayName = caller.Token is null ? caller.User?.DisplayName : null,
            PlatformAdmin = caller.PlatformAdmin,
            Tenants =
            [
                .. caller.Memberships
                    .OrderBy(static membership => membership.Tenant.Name, StringComparer.Ordinal)
                    .Select(static membership => new TenantRole(membership.Tenant.Name, membership.Tenant.DisplayName, membership.Role)),
            ],
        });
    }
}
