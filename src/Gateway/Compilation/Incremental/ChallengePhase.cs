using Gatehouse.Gateway.Compilation.Resolve;
using Gatehouse.Gateway.Matching;
using Gatehouse.Gateway.Projection;
using Gatehouse.Gateway.Resources;

namespace Gatehouse.Gateway.Compilation.Incremental;

/// <summary>Gives challenges to the pools of data planes that serve their Hostnames. A Hostname that is not there or not verified has no pools, and so no answer.</summary>
internal static class ChallengePhase
{
    public static void Run(CompilerState state, Work work)
    {
        foreach (var token in work.Challenges)
            Write(token, state);
    }

    private static void Write(string token, CompilerState state)
    {
        var entries = new SortedDictionary<string, ChallengeEntry>(StringComparer.Ordinal);
        foreach (var challenge in state.Challenges.Of(token))
        {
            foreach (var (pool, entry) in EntriesOf(challenge, state))
                entries.TryAdd(pool, entry);
        }
        foreach (var pool in state.Challenges.Pools.GetValueOrDefault(token, []).Where(pool => !entries.ContainsKey(pool)))
            state.Pool(pool).SetChallenge(token, null);
        foreach (var (pool, entry) in entries)
            state.Pool(pool).SetChallenge(token, entry);
        if (entries.Count == 0)
            state.Challenges.Pools.Remove(token);
        else
            state.Challenges.Pools[token] = [.. entries.Keys];
    }

    private static IEnumerable<(string Pool, ChallengeEntry Entry)> EntriesOf(HostnameChallenge challenge, CompilerState state)
    {
        // Others (dns-01) are no data plane's concern.
        var isTls = challenge.Type == ChallengeEntry.TlsAlpn01;
        if (!isTls && challenge.Type != ChallengeEntry.Http01)
            yield break;
        var key = new ResourceKey(ResourceKind.Hostname, challenge.Tenant, challenge.Hostname);
        if (state.Sources.GetValueOrDefault(key) is not { Resource: { } resource, Model: { } model })
            yield break;
        // In clusters their own controllers answer.
        var gateways = model.Listeners.Where(static listener => listener.IsCandidate).Select(static listener => listener.Gateway)
            .Where(static gateway => !ClusterPool.IsCluster(gateway.Pool)).Distinct().ToArray();
        foreach (var pool in gateways.GroupBy(static gateway => gateway.Pool))
            yield return (pool.Key, EntryOf(challenge, isTls ? pool.Where(gateway => HostnameResolver.TakesTls(resource, gateway)) : []));
    }

    // No listener is made up for it: one would take the name away from a wildcard listener that serves it meanwhile.
    private static ChallengeEntry EntryOf(HostnameChallenge challenge, IEnumerable<GatewayModel> gateways) => new()
    {
        Key = challenge.Token,
        Hostname = challenge.Hostname,
        Type = challenge.Type,
        KeyAuthorization = challenge.KeyAuthorization,
        TlsAddresses = [.. gateways.SelectMany(static gateway => gateway.Addresses.Count == 0 ? [""] : gateway.Addresses).Distinct().Order(StringComparer.Ordinal)],
    };
}
