using System.Security.Cryptography.X509Certificates;
using Gatehouse.Acme;
using Gatehouse.Issuance.Authorities;
using Gatehouse.Persistence.Audit;
using Gatehouse.Persistence.PrivateKeys;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace Gatehouse.Issuance.Revoking;

/// <summary>Has certificates revoked by the authorities that issued them, however long those are away.</summary>
internal sealed class RevocationWatch(
    RevocationBook book, AuthorityClients authorities, IssuanceSignal signal, IssuanceOptions options, TimeProvider clock, ILogger<RevocationWatch> logger) : BackgroundService
{
    private const int Parallel = 4;

    private static readonly TimeSpan Poll = TimeSpan.FromSeconds(2);
    private static readonly TimeSpan LongestRetry = TimeSpan.FromHours(6);

    /// <inheritdoc />
    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        try
        {
            while (!stoppingToken.IsCancellationRequested)
            {
                var next = signal.Next;
                try
                {
                    await Task.WhenAll((await book.TakeAsync(Parallel, stoppingToken)).Select(revocation => RunAsync(revocation, stoppingToken)));
                }
                catch (Exception failure) when (failure is not OperationCanceledException)
                {
                    DatabaseTrouble.Tell(logger, failure, "revocations");
                }
                await IssuanceSignal.WaitAsync(next, Poll, clock, stoppingToken);
            }
        }
        catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested)
        {
            // The lease ends by itself.
        }
    }

    private async Task RunAsync(Revocation revocation, CancellationToken cancellationToken)
    {
        using var certificate = X509Certificate2.CreateFromPem(revocation.Certificate);
        if (certificate.NotAfter.ToUniversalTime() < clock.GetUtcNow())
        {
            await book.EndAsync(revocation, AuditVerb.RevocationExpired, null, cancellationToken);
            return;
        }
        var problem = "no certificate authority is configured";
        // Who issued it is asked first; should that one have another name by now, one of the others knows it.
        foreach (var authority in options.Authorities.OrderBy(authority => authority.Name == revocation.Issuer ? 0 : 1))
        {
            try
            {
                await RevokeAsync(authority, certificate, revocation.Reason, cancellationToken);
                await book.EndAsync(revocation, AuditVerb.Revoked, authority.Name, cancellationToken);
                return;
            }
            catch (Exception failure) when (failure is AcmeException or UnreadableKeyException)
            {
                if (authority.Name == revocation.Issuer || options.Authorities.Count == 1)
                    problem = failure is AcmeException said ? said.Kind.ToString() : "KeyUnreadable";
            }
        }
        var pause = options.FirstRetry * Math.Pow(2, Math.Min(revocation.Failures, 12));
        await book.NoteAsync(revocation, problem, clock.GetUtcNow() + (pause < LongestRetry ? pause : LongestRetry), cancellationToken);
    }

    private async Task RevokeAsync(AuthorityOptions authority, X509Certificate2 certificate, int reason, CancellationToken cancellationToken)
    {
        var client = await authorities.OpenAsync(authority, cancellationToken);
        try
        {
            await client.RevokeAsync(certificate.RawData, reason, cancellationToken);
        }
        catch (AcmeException failure) when (failure.Kind == AcmeErrorKind.AlreadyRevoked)
        {
            // The answer to an earlier request was lost.
        }
    }
}
