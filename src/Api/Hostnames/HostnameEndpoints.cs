using Gatehouse.Api.Access;
using Gatehouse.Api.Errors;
using Gatehouse.Api.OpenApi;
using Gatehouse.Api.Resources;
using Gatehouse.Contracts.Api;
using Gatehouse.Gateway.Resources;
using Gatehouse.Persistence;
using Gatehouse.Persistence.Hostnames;
using Gatehouse.Persistence.Identity;
using Microsoft.AspNetCore.Http.HttpResults;

namespace Gatehouse.Api.Hostnames;

/// <summary>Hostnames: claims on DNS names, and what proves them.</summary>
internal static class HostnameEndpoints
{
    public static RouteGroupBuilder MapHostnames(this IEndpointRouteBuilder tenant)
    {
        var group = ResourceEndpoints<HostnameSpec>.Map(tenant, ResourceType.Hostname);
        group.MapPost("/{name}/verify", VerifyAsync).RequireRole(Role.Editor).WithWriteParameters()
            .Describe("verifyHostname", "Look again whether a claim is proven");
        group.MapPost("/{name}/approve", ApproveAsync).RequirePlatformAdminInTenant().WithWriteParameters()
            .Describe("approveHostname", "Approve a claim without proof");
        return group;
    }

    private static Task<Results<Ok<HostnameClaimView>, ProblemResult>> VerifyAsync(
        string name, HttpContext context, RequestAccess access, Writes.Writes writes, HostnameLedger ledger) =>
        DecideAsync(name, context, access, writes, ledger.ClaimAsync);

    private static Task<Results<Ok<HostnameClaimView>, ProblemResult>> ApproveAsync(
        string name, HttpContext context, RequestAccess access, Writes.Writes writes) =>
        DecideAsync(name, context, access, writes, HostnameLedger.ApproveAsync);

    private static async Task<Results<Ok<HostnameClaimView>, ProblemResult>> DecideAsync(
        string name, HttpContext context, RequestAccess access, Writes.Writes writes, Func<WriteTransaction, string, CancellationToken, Task<ClaimOutcome>> decide)
    {
        var result = await writes.RunAsync<HostnameClaimView>(context, access.Tenant.Id, async (transaction, cancellationToken) =>
        {
            if (await transaction.Db.FindAsync(ResourceKind.Hostname, name, cancellationToken) is null)
                return new NotFoundError();
            return await decide(transaction, name, cancellationToken) switch
            {
                ClaimOutcome.Verified => new HostnameClaimView(name, nameof(ClaimState.Verified), "The name is this tenant's."),
                ClaimOutcome.Pending => new HostnameClaimView(name, nameof(ClaimState.Pending), "The claim waits for a platform admin's approval."),
                ClaimOutcome.Taken => HostnameErrors.Taken,
                _ => new NotFoundError(),
            };
        });
        return result.TryGet(out var view, out var error) ? TypedResults.Ok(view) : error.ToProblem();
    }
}
