using System.Security.Cryptography.X509Certificates;
using Gatehouse.Acme;
using Gatehouse.Contracts.Api;
using Gatehouse.Gateway.KeyPairs;
using Gatehouse.Gateway.Resources;
using Gatehouse.Gateway.Validation;
using Gatehouse.Persistence;
using Gatehouse.Persistence.Audit;
using Gatehouse.Persistence.Issuance;
using Gatehouse.Persistence.PrivateKeys;
using Gatehouse.Persistence.Resources;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;

namespace Gatehouse.Issuance.Certificates;

/// <summary>The Certificates that are issued here: read, stored with their private keys in one transaction, and removed when they are not needed any more.</summary>
internal sealed class ManagedCertificates(IssuanceDatabase database, IServiceScopeFactory scopes, KeyRingSource keys)
{
    private static readonly WriteContext Context = new(Actor.System, "certificate-issuance");

    /// <summary>The leaf of a Hostname's managed certificate; null: there is none.</summary>
    public async Task<X509Certificate2?> FindAsync(IssuanceState state, CancellationToken cancellationToken)
    {
        await using var command = database.Source.CreateCommand(
            "SELECT spec ->> 'certificate' FROM resources WHERE tenant_id = @tenant AND kind = 'Certificate' AND name = @name AND spec ->> 'managedFor' = @hostname");
        command.Parameters.AddWithValue("tenant", state.Row.TenantId);
        command.Parameters.AddWithValue("name", IssuanceRows.CertificateNameOf(state.Subject));
        command.Parameters.AddWithValue("hostname", state.Subject);
        return await command.ExecuteScalarAsync(cancellationToken) is string pem ? X509Certificate2.CreateFromPem(pem) : null;
    }

    /// <summary>Stores what was issued: certificate and key together, or neither.</summary>
    /// <exception cref="LeaseLostException">Another process has the row in hand by now.</exception>
    /// <exception cref="IssuanceFailure">It cannot be stored.</exception>
    public async Task StoreAsync(IssuanceState state, AcmeChain chain, CertificateKey key, CancellationToken cancellationToken)
    {
        var name = IssuanceRows.CertificateNameOf(state.Subject);
        var pem = chain.Pem;
        await using var scope = scopes.CreateAsyncScope();
        await using var transaction = await scope.ServiceProvider.GetRequiredService<Transactions>().WriteAsync(state.Row.TenantId, Context, cancellationToken);
        await LeaseFence.HoldAsync(transaction, state, cancellationToken);
        var spec = SpecJson.Write(new CertificateSpec { Certificate = pem, ManagedFor = state.Subject }).GetRawText();
        var row = await transaction.Db.LockAsync(ResourceKind.Certificate, name, cancellationToken);
        if (row is null)
        {
            row = new ResourceEntity { TenantId = state.Row.TenantId, Kind = ResourceKind.Certificate, Name = name, Spec = spec, CreatedAt = transaction.Now, UpdatedAt = transaction.Now };
            transaction.Db.Resources.Add(row);
        }
        else if (!IssuanceRows.IsManagedFor(row, state.Subject))
        {
            throw new IssuanceFailure(FailureKind.Permanent, new HostnameProblem(
                "CertificateNameTaken", "Tenant", $"The tenant has an uploaded Certificate `{name}`, the name that the managed one must have.", "Delete it, or upload it under another name."));
        }
        else
        {
            (row.Spec, row.Generation, row.UpdatedAt) = (spec, row.Generation + 1, transaction.Now);
        }
        var pkcs8 = key.ExportPkcs8();
        try
        {
            await PrivateKeyRows.StoreAsync(transaction, row, FingerprintOf(key), keys.Current!, pkcs8, cancellationToken);
        }
        finally
        {
            System.Security.Cryptography.CryptographicOperations.ZeroMemory(pkcs8);
        }
        if (state.SharedName is { } shared)
            await IssuanceRows.WakeAsync(transaction, [shared], cancellationToken);
        await transaction.CommitAsync(cancellationToken);
    }

    /// <summary>Removes a Hostname's managed certificate, if there is one; one that it shares only when nobody else does.</summary>
    public async Task RemoveAsync(IssuanceState state, CancellationToken cancellationToken)
    {
        await using var scope = scopes.CreateAsyncScope();
        await using var transaction = await scope.ServiceProvider.GetRequiredService<Transactions>().WriteAsync(state.Row.TenantId, Context, cancellationToken);
        await LeaseFence.HoldAsync(transaction, state, cancellationToken);
        await IssuanceRows.EndAsync(transaction, state.Row.Hostname, state.SharedName, cancellationToken);
        await transaction.CommitAsync(cancellationToken);
    }

    /// <summary>Removes the certificate that a Hostname had for itself before it shared one.</summary>
    public async Task RemoveOwnAsync(IssuanceState state, CancellationToken cancellationToken)
    {
        if (state.SharedName != state.Row.Hostname)
            await RemoveAsync(state with { SharedName = null }, cancellationToken);
    }

    /// <summary>The fingerprint of the key that a chain is for, checked: it is this key's, and it covers the names.</summary>
    public static void Check(AcmeChain chain, CertificateKey key, IReadOnlyList<string> names, string authority)
    {
        var (uploaded, error) = UploadedChain.Read("/", chain.Pem);
        if (uploaded is null)
            throw Useless(authority, error!.Message);
        using (uploaded)
        {
            if (uploaded.KeyFingerprint != FingerprintOf(key))
                throw Useless(authority, "it is for another key");
        }
        var covered = UploadedChain.NamesOf(chain.Pem);
        if (names.FirstOrDefault(name => !covered.Contains(name)) is { } missing)
            throw Useless(authority, $"it does not cover `{missing}`");
    }

    private static string FingerprintOf(CertificateKey key) => Convert.ToHexStringLower(System.Security.Cryptography.SHA256.HashData(key.ExportPublicKey()));

    private static IssuanceFailure Useless(string authority, string why) => new(FailureKind.Permanent, new HostnameProblem(
        "UselessCertificate", "CertificateAuthority", $"Certificate authority `{authority}` issued a certificate that cannot be used: {why}", "A platform admin must look at the authority."));
}
