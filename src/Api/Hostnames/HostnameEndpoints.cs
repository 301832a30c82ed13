using Gatehouse.Api.Access;
using Gatehouse.Api.Errors;
using Gatehouse.Api.OpenApi;
using Gatehouse.Api.Resources;
using Gatehouse.Api.Writes;
using Gatehouse.Contracts.Api;
using Gatehouse.Gateway.Resources;
using Gatehouse.Issuance;
using Gatehouse.Issuance.Reading;
using Gatehouse.Persistence;
using Gatehouse.Persistence.Audit;
using Gatehouse.Persistence.Hostnames;
using Gatehouse.Persistence.Identity;
using Gatehouse.Persistence.Issuance;
using Gatehouse.Persistence.Resources;
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
        group.MapPost("/{name}/renew", RenewAsync).RequireRole(Role.Admin).WithWriteParameters()
            .Describe("renewHostname", "Have the managed certificate issued anew now");
        group.MapPost("/{name}/approve", ApproveAsync).RequirePlatformAdminInTenant().WithWriteParameters()
            .Describe("approveHostname", "Approve a claim without proof");
        group.MapRevocation();
        return group;
    }

    /// <summary>Looks at DNS now; what it proves is the tenant's at once. A dry run only says how the claim stands.</summary>
    private static async Task<Results<Ok<HostnameClaimView>, ProblemResult>> VerifyAsync(
        string name, HttpContext context, RequestAccess access, Writes.Writes writes, HostnameLedger ledger, HostnameActions actions, HostnameDetails details, Transactions transactions,
        CancellationToken cancellationToken)
    {
        if (!QueryFlag.TryRead(context.Request, "dryRun", out var dryRun, out var invalid))
            return invalid.ToProblem();
        var claimed = await DecideAsync(name, context, access, writes, ledger.ClaimAsync);
        if (claimed.Result is not Ok<HostnameClaimView> { Value: { } view } || dryRun)
            return claimed;
        var outcome = await actions.VerifyAsync(access.Tenant.Id, name, new WriteContext(access.Caller.Actor, TraceId.Of(context)), cancellationToken);
        if (outcome == ClaimOutcome.Taken)
            return HostnameErrors.Taken.ToProblem();
        await using var transaction = await transactions.ReadAsync(access.Tenant.Id, cancellationToken);
        if (!(await details.ReadAsync(transaction.Db, [name], cancellationToken)).TryGetValue(name, out var detail))
            return new NotFoundError().ToProblem();
        var message = detail.Dns.Problems is [var first, ..] ? $"{first.Message} {first.NextStep}" : view.Message;
        return outcome == ClaimOutcome.Verified
            ? TypedResults.Ok(new HostnameClaimView(name, nameof(ClaimState.Verified), "The name is this tenant's.") { Dns = detail.Dns })
            : TypedResults.Ok(new HostnameClaimView(name, nameof(ClaimState.Pending), message) { Dns = detail.Dns });
    }

    private static async Task<Results<Accepted, ProblemResult>> RenewAsync(
        string name, HttpContext context, RequestAccess access, Writes.Writes writes, IssuanceSignal signal)
    {
        var result = await writes.RunAsync<string>(context, access.Tenant.Id, async (transaction, cancellationToken) =>
        {
            if (!await IssuanceRows.RenewAsync(transaction, name, cancellationToken))
                return new NotFoundError();
            transaction.Record(new AuditRecord("renew", ResourceKind.Hostname, name, null, null));
            return name;
        });
        if (!result.TryGet(out _, out var error))
            return error.ToProblem();
        signal.Ring();
        return TypedResults.Accepted(ResourceType.Hostname.PathOf(access.Tenant.Name, name));
    }

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
                ClaimOutcome.Pending => new HostnameClaimView(name, nameof(ClaimState.Pending), "The claim waits for a proof in DNS, or for a platform admin's approval."),
                ClaimOutcome.Taken => HostnameErrors.Taken,
                _ => new NotFoundError(),
            };
        });
        return result.TryGet(out var view, out var error) ? TypedResults.Ok(view) : error.ToProblem();
    }
}
