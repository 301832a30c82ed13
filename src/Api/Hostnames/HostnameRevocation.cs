using System.Security.Cryptography.X509Certificates;
using System.Text.Json;
using Gatehouse.Api.Access;
using Gatehouse.Api.Bodies;
using Gatehouse.Api.Errors;
using Gatehouse.Api.OpenApi;
using Gatehouse.Api.Resources;
using Gatehouse.Contracts.Api;
using Gatehouse.Gateway.Resources;
using Gatehouse.Gateway.Validation;
using Gatehouse.Issuance;
using Gatehouse.Persistence;
using Gatehouse.Persistence.Audit;
using Gatehouse.Persistence.Hostnames;
using Gatehouse.Persistence.Identity;
using Gatehouse.Persistence.Issuance;
using Gatehouse.Persistence.Resources;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.EntityFrameworkCore;

namespace Gatehouse.Api.Hostnames;

/// <summary>Has managed certificates revoked. The wish is committed together with that for a new certificate, and both are carried out whatever breaks off.</summary>
internal static class HostnameRevocation
{
    // RFC 5280 section 5.3.1; the others are for authorities' own use.
    private static readonly Dictionary<string, int> Reasons = new(StringComparer.Ordinal)
    {
        ["Unspecified"] = 0,
        ["KeyCompromise"] = 1,
        ["AffiliationChanged"] = 3,
        ["Superseded"] = 4,
        ["CessationOfOperation"] = 5,
    };

    public static void MapRevocation(this RouteGroupBuilder hostnames) =>
        hostnames.MapPost("/{name}/revoke", RevokeAsync).RequireRole(Role.Admin).Accepts<HostnameRevokeRequest>(JsonBody.Json).WithWriteParameters()
            .Describe("revokeHostname", "Have the managed certificate revoked, and a new one issued");

    private static async Task<Results<Accepted, ProblemResult>> RevokeAsync(
        string name, HttpContext context, RequestAccess access, HostnameOptions options, Writes.Writes writes, IssuanceSignal signal, CancellationToken cancellationToken)
    {
        var body = await JsonBody.ReadAsync(context.Request, JsonBody.Json, cancellationToken);
        if (!body.TryGet(out var json, out var error))
            return error.ToProblem();
        var fields = BodyFields.Of(json, ["reason"], []);
        var reason = fields.RequiredText("reason", 32);
        if (fields.Errors.Count == 0 && !Reasons.ContainsKey(reason))
            fields.AddError(new FieldError("/reason", ErrorCodes.UnsupportedValue, $"Write one of {string.Join(", ", Reasons.Keys)}."));
        if (fields.Errors.Count > 0)
            return new InvalidError(fields.Errors).ToProblem();
        var result = await writes.RunAsync<string>(context, access.Tenant.Id, (transaction, cancellation) => WishAsync(transaction, name, BaseDomain.WildcardOf(name, options.BaseDomain), reason, cancellation));
        if (!result.TryGet(out _, out error))
            return error.ToProblem();
        signal.Ring();
        return TypedResults.Accepted(ResourceType.Hostname.PathOf(access.Tenant.Name, name));
    }

    private static async Task<Result<string>> WishAsync(WriteTransaction transaction, string name, string? wildcard, string reason, CancellationToken cancellationToken)
    {
        var db = transaction.Db;
        if (await db.FindAsync(ResourceKind.Hostname, name, cancellationToken) is null)
            return new NotFoundError();
        var row = await IssuanceRows.LockManagedAsync(transaction, name, cancellationToken);
        if (row is null && wildcard is not null)
            row = await IssuanceRows.LockManagedAsync(transaction, wildcard, cancellationToken);
        if (row is null)
            return HostnameErrors.NoManagedCertificate;
        using var leaf = X509Certificate2.CreateFromPem(((CertificateSpec)row.ReadSpec()).Certificate);
        var pem = leaf.ExportCertificatePem();
        // Asked twice, it is one certificate all the same.
        if (!await db.CertificateRevocations.AnyAsync(wish => wish.Hostname == name && wish.Certificate == pem, cancellationToken))
        {
            db.CertificateRevocations.Add(new CertificateRevocationEntity
            {
                TenantId = row.TenantId,
                Hostname = name,
                Certificate = pem,
                Issuer = await IssuerAsync(db, name, wildcard, cancellationToken),
                Reason = Reasons[reason],
                RequestedAt = transaction.Now,
                DueAt = transaction.Now,
            });
        }
        await IssuanceRows.RenewAsync(transaction, name, cancellationToken);
        transaction.Record(new AuditRecord(AuditVerb.Revoke, ResourceKind.Hostname, name, null, JsonSerializer.Serialize(new { serial = leaf.SerialNumber, reason })));
        return name;
    }

    // Of names that share a certificate, one knows.
    private static Task<string?> IssuerAsync(GatehouseDbContext db, string name, string? wildcard, CancellationToken cancellationToken)
    {
        var suffix = wildcard?[1..];
        return db.CertificateIssuances.Where(issuance => issuance.Issuer != null && (issuance.Hostname == name || (suffix != null && issuance.Hostname.EndsWith(suffix))))
            .OrderBy(issuance => issuance.Hostname == name ? 0 : 1).Select(issuance => issuance.Issuer).FirstOrDefaultAsync(cancellationToken);
    }
}
