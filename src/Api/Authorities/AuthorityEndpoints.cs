using System.Text.Json;
using Gatehouse.Api.Access;
using Gatehouse.Api.Errors;
using Gatehouse.Api.OpenApi;
using Gatehouse.Contracts.Api;
using Gatehouse.Issuance.Authorities;
using Gatehouse.Persistence.Audit;
using Microsoft.AspNetCore.Http.HttpResults;

namespace Gatehouse.Api.Authorities;

/// <summary>The platform's certificate authorities and its accounts there.</summary>
internal static class AuthorityEndpoints
{
    private const string Kind = "CertificateAuthority";

    public static RouteGroupBuilder MapAuthorities(this IEndpointRouteBuilder api)
    {
        var group = api.MapGroup("/certificateauthorities").WithTags("Platform").RequirePlatformAdmin();
        group.MapGet("/", ListAsync).Describe("listCertificateAuthorities", "List certificate authorities and the platform's accounts there");
        group.MapPost("/{name}/rollover", RolloverAsync).WithWriteParameters().Describe("rolloverCertificateAuthority", "Give the account at an authority another key");
        return group;
    }

    private static async Task<Ok<ListPage<CertificateAuthorityView>>> ListAsync(AuthorityAccounts accounts, CancellationToken cancellationToken) =>
        TypedResults.Ok(new ListPage<CertificateAuthorityView>([.. (await accounts.ListAsync(cancellationToken)).Select(View)]));

    private static async Task<Results<Ok<CertificateAuthorityView>, ProblemResult>> RolloverAsync(
        string name, HttpContext context, RequestAccess access, Writes.Writes writes, AuthorityAccounts accounts, CancellationToken cancellationToken)
    {
        if (await accounts.FindAsync(name, cancellationToken) is not { } before)
            return new NotFoundError().ToProblem();
        if (before.AccountUrl is null)
            return (before.KeyThumbprint is null && before.KeyCreatedAt is not null ? AuthorityErrors.KeyUnreadable : AuthorityErrors.NoAccount).ToProblem();
        // Who wanted it is on record before the authority is told: nothing after that can be taken back.
        var recorded = await writes.RunAsync<bool>(context, access.Tenant.Id, (transaction, _) =>
        {
            transaction.Record(new AuditRecord(AuditVerb.Rollover, Kind, name, JsonSerializer.Serialize(new { keyThumbprint = before.KeyThumbprint }), null));
            return Task.FromResult<Result<bool>>(transaction.DryRun);
        });
        if (!recorded.TryGet(out var dryRun, out var error))
            return error.ToProblem();
        if (dryRun)
            return TypedResults.Ok(View(before));
        return await accounts.RollAsync(name, cancellationToken) switch
        {
            AccountRollover.Done => TypedResults.Ok(View((await accounts.FindAsync(name, cancellationToken))!)),
            AccountRollover.UnderWay => AuthorityErrors.UnderWay.ToProblem(),
            AccountRollover.Refused => AuthorityErrors.Refused.ToProblem(),
            AccountRollover.Away => AuthorityErrors.Away.ToProblem(),
            AccountRollover.KeyUnreadable => AuthorityErrors.KeyUnreadable.ToProblem(),
            _ => AuthorityErrors.NoAccount.ToProblem(),
        };
    }

    private static CertificateAuthorityView View(AuthorityAccount account) => new()
    {
        Name = account.Name,
        Directory = account.Directory.AbsoluteUri,
        Account = account.AccountUrl?.AbsoluteUri,
        KeyThumbprint = account.KeyThumbprint,
        KeyCreatedAt = account.KeyCreatedAt,
        RolloverUnsettled = account.IsUnsettled,
    };
}
