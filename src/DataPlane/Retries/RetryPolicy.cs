using System.Collections.Frozen;
using Gatehouse.Gateway.Matching;

namespace Gatehouse.DataPlane.Retries;

/// <summary>When a rule's requests are tried again (https://gateway-api.sigs.k8s.io/reference/spec/#httprouteretry), made ready to run.</summary>
internal sealed class RetryPolicy
{
    /// <summary>More attempts than anybody waits for.</summary>
    private const int MostAttempts = 100;

    /// <summary>From the second retry on there is a pause even if none is asked for: a backend that refuses at once must not be hammered.</summary>
    private const long LeastPauseMs = 10;

    private const long LongestPauseMs = 10_000;

    private readonly FrozenSet<int> _codes;
    private readonly long _backoffMs;

    /// <exception cref="MatchTableException">A number is out of range.</exception>
    public RetryPolicy(RetryEntry entry)
    {
        if (entry.Attempts < 1 || entry.BackoffMs < 0 || entry.Codes.Any(code => code is < 400 or > 599))
            throw new MatchTableException("its retries cannot be carried out");
        Attempts = Math.Min(entry.Attempts, MostAttempts);
        _codes = entry.Codes.ToFrozenSet();
        _backoffMs = Math.Min(entry.BackoffMs, int.MaxValue / 2);
    }

    /// <summary>Attempts after the first.</summary>
    public int Attempts { get; }

    public bool Takes(int status) => _codes.Contains(status);

    /// <summary>How long to wait before a retry: at least the backoff, doubled each time, with some jitter on top.</summary>
    /// <param name="retry">1 for the first.</param>
    public TimeSpan PauseBefore(int retry)
    {
        var least = retry > 1 ? Math.Max(_backoffMs, LeastPauseMs) : _backoffMs;
        var grown = Math.Min(least << Math.Min(retry - 1, 10), Math.Max(least, LongestPauseMs));
        return TimeSpan.FromMilliseconds(grown + Random.Shared.NextInt64(grown / 4 + 1));
    }
}
