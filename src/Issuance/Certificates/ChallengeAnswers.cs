using Gatehouse.Contracts.Api;
using Gatehouse.Control.Compiling;
using Gatehouse.Control.Replicas;
using Gatehouse.Gateway.Resources;
using Gatehouse.Persistence;
using Gatehouse.Persistence.Audit;
using Gatehouse.Persistence.Issuance;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;

namespace Gatehouse.Issuance.Certificates;

/// <summary>Lets data planes answer challenges: through the feed, like all else that they serve.</summary>
internal sealed class ChallengeAnswers(IServiceScopeFactory scopes, CompileHost compiled, ReplicaRegistry replicas, TimeProvider clock)
{
    private static readonly WriteContext Context = new(Actor.System, "certificate-issuance");
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(20);
    private static readonly TimeSpan Look = TimeSpan.FromMilliseconds(50);

    /// <summary>Sets up an answer and waits until all connected data planes that serve the name have it.</summary>
    /// <param name="state">The Hostname.</param>
    /// <param name="type">http-01 or tls-alpn-01.</param>
    /// <param name="token">Token.</param>
    /// <param name="keyAuthorization">The answer.</param>
    /// <param name="pools">Pools that serve the name.</param>
    /// <param name="cancellationToken">Ends it.</param>
    /// <exception cref="LeaseLostException">Another process has the row in hand by now.</exception>
    /// <exception cref="IssuanceFailure">No data plane has it in time.</exception>
    public async Task SetUpAsync(IssuanceState state, string type, string token, string keyAuthorization, IReadOnlyList<string> pools, CancellationToken cancellationToken)
    {
        var revision = await WriteAsync(state, async transaction =>
        {
            // What an attempt that was cut short left behind.
            await RemoveAllAsync(transaction, state, token, cancellationToken);
            if (await transaction.Db.AcmeChallenges.AnyAsync(challenge => challenge.Token == token, cancellationToken))
                return;
            transaction.Db.AcmeChallenges.Add(new AcmeChallengeEntity
            {
                TenantId = state.Row.TenantId,
                HostnameId = state.Row.HostnameId,
                Hostname = state.Row.Hostname,
                Token = token,
                Type = type,
                KeyAuthorization = keyAuthorization,
                CreatedAt = transaction.Now,
            });
            transaction.Record(new AuditRecord(AuditVerb.Create, HostnameChallenge.Kind, token, null, null));
        }, cancellationToken);
        await AwaitAsync(revision, pools, cancellationToken);
    }

    /// <summary>Takes all answers of a Hostname away.</summary>
    /// <exception cref="LeaseLostException">Another process has the row in hand by now.</exception>
    public Task ClearAsync(IssuanceState state, CancellationToken cancellationToken) =>
        WriteAsync(state, transaction => RemoveAllAsync(transaction, state, null, cancellationToken), cancellationToken);

    private static async Task RemoveAllAsync(WriteTransaction transaction, IssuanceState state, string? but, CancellationToken cancellationToken)
    {
        var tokens = await transaction.Db.AcmeChallenges
            .Where(challenge => challenge.HostnameId == state.Row.HostnameId && challenge.Token != but).Select(challenge => challenge.Token).ToListAsync(cancellationToken);
        if (tokens.Count == 0)
            return;
        await transaction.Db.AcmeChallenges.Where(challenge => tokens.Contains(challenge.Token)).ExecuteDeleteAsync(cancellationToken);
        foreach (var token in tokens)
            transaction.Record(new AuditRecord(AuditVerb.Delete, HostnameChallenge.Kind, token, null, null));
    }

    private async Task<long> WriteAsync(IssuanceState state, Func<WriteTransaction, Task> work, CancellationToken cancellationToken)
    {
        await using var scope = scopes.CreateAsyncScope();
        await using var transaction = await scope.ServiceProvider.GetRequiredService<Transactions>().WriteAsync(state.Row.TenantId, Context, cancellationToken);
        await LeaseFence.HoldAsync(transaction, state, cancellationToken);
        await work(transaction);
        return await transaction.CommitAsync(cancellationToken);
    }

    private async Task AwaitAsync(long revision, IReadOnlyList<string> pools, CancellationToken cancellationToken)
    {
        var start = clock.GetTimestamp();
        await compiled.WaitForRevisionAsync(revision, cancellationToken).WaitAsync(Patience, clock, cancellationToken);
        while (true)
        {
            var connected = pools.Select(pool => (Pool: pool, Replicas: replicas.Connected(pool))).ToList();
            if (connected.All(pool => pool.Replicas.Count > 0 && pool.Replicas.All(replica => replica.AppliedRevision >= revision)))
                return;
            if (clock.GetElapsedTime(start) > Patience)
            {
                var (pool, behind) = connected.First(entry => entry.Replicas.Count == 0 || entry.Replicas.Any(replica => replica.AppliedRevision < revision));
                throw new IssuanceFailure(FailureKind.Transient, new HostnameProblem(
                    "NoDataPlane",
                    "Platform",
                    behind.Count == 0 ? $"No data plane of pool `{pool}` is connected, so nobody answers the authority." : $"Not all data planes of pool `{pool}` took the challenge over in time.",
                    "A platform admin must look at the data planes; it is tried again by itself.")) { EndsOrder = false };
            }
            await Task.Delay(Look, clock, cancellationToken);
        }
    }
}
