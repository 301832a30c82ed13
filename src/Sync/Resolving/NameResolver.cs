using System.Net;
using System.Net.Sockets;

namespace Gatehouse.Sync.Resolving;

/// <summary>
/// Resolves the DNS names of Backends: a few at once, each bounded in time. Answers are kept for a while, and the last good one outlives
/// failures of name servers. Addresses are sorted, so that equal answers in another order change nothing.
/// </summary>
internal sealed class NameResolver(TimeSpan lifetime, TimeProvider time, Func<string, CancellationToken, Task<IReadOnlyList<string>>> resolve) : IDisposable
{
    private const int AtOnce = 8;

    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(5);
    private static readonly TimeSpan KeptOnFailure = TimeSpan.FromMinutes(10);

    private readonly Dictionary<string, Answer> _answers = new(StringComparer.Ordinal);
    private readonly SemaphoreSlim _wake = new(0, 1);
    private volatile IReadOnlySet<string> _wanted = new HashSet<string>();

    /// <summary>Says which names are needed now.</summary>
    public void Want(IReadOnlySet<string> names)
    {
        var isNews = !names.SetEquals(_wanted);
        _wanted = names;
        if (isNews && _wake.CurrentCount == 0)
            _wake.Release();
    }

    /// <summary>Runs until cancelled.</summary>
    /// <param name="tell">Told all addresses whenever some changed.</param>
    /// <param name="cancellationToken">Ends it.</param>
    public async Task RunAsync(Func<IReadOnlyDictionary<string, IReadOnlyList<string>>, ValueTask> tell, CancellationToken cancellationToken)
    {
        while (true)
        {
            var wanted = _wanted;
            if (await RefreshAsync(wanted, cancellationToken))
                await tell(_answers.ToDictionary(static pair => pair.Key, static pair => pair.Value.Addresses, StringComparer.Ordinal));
            await _wake.WaitAsync(wanted.Count == 0 ? Timeout.InfiniteTimeSpan : lifetime / 3, cancellationToken);
        }
    }

    public void Dispose() => _wake.Dispose();

    /// <summary>Asks the system's resolver; a name that does not exist has no addresses.</summary>
    public static async Task<IReadOnlyList<string>> AskSystemAsync(string name, CancellationToken cancellationToken)
    {
        try
        {
            return [.. (await Dns.GetHostAddressesAsync(name, cancellationToken)).Select(static address => address.ToString())];
        }
        catch (SocketException missing) when (missing.SocketErrorCode is SocketError.HostNotFound or SocketError.NoData)
        {
            return [];
        }
    }

    private async Task<bool> RefreshAsync(IReadOnlySet<string> wanted, CancellationToken cancellationToken)
    {
        var changed = false;
        foreach (var name in _answers.Keys.Where(name => !wanted.Contains(name)).ToList())
            changed |= _answers.Remove(name);
        var due = wanted.Where(name => !_answers.TryGetValue(name, out var answer) || time.GetElapsedTime(answer.AskedAt) >= lifetime).Order(StringComparer.Ordinal).ToList();
        var gate = new Lock();
        await Parallel.ForEachAsync(due, new ParallelOptions { MaxDegreeOfParallelism = AtOnce, CancellationToken = cancellationToken }, async (name, ending) =>
        {
            var found = await AskAsync(name, ending);
            lock (gate)
                changed |= Take(name, found);
        });
        return changed;
    }

    private async Task<IReadOnlyList<string>?> AskAsync(string name, CancellationToken cancellationToken)
    {
        using var patience = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        patience.CancelAfter(Patience);
        try
        {
            return [.. (await resolve(name, patience.Token)).Distinct(StringComparer.Ordinal).Order(StringComparer.Ordinal)];
        }
        catch (Exception) when (!cancellationToken.IsCancellationRequested)
        {
            return null;
        }
    }

    private bool Take(string name, IReadOnlyList<string>? found)
    {
        var now = time.GetTimestamp();
        var before = _answers.GetValueOrDefault(name);
        if (found is null && before is null)
            return false;

        // A name that suddenly does not exist is as likely a name server's fault as the owner's wish: it is believed later.
        var isGood = found is { Count: > 0 };
        if (!isGood && before is { Addresses.Count: > 0 } && time.GetElapsedTime(before.GoodAt) < KeptOnFailure)
        {
            _answers[name] = before with { AskedAt = now };
            return false;
        }
        var addresses = found ?? [];
        _answers[name] = new Answer(addresses, now, isGood ? now : before?.GoodAt ?? now);
        return before is null || !before.Addresses.SequenceEqual(addresses, StringComparer.Ordinal);
    }

    private sealed record Answer(IReadOnlyList<string> Addresses, long AskedAt, long GoodAt);
}
