using Gatehouse.Sync.Rivals;

namespace Gatehouse.Sync.Clusters;

/// <summary>Looks into a session from beside its loop: questions are answered by the loop itself.</summary>
internal sealed class SessionView(SessionState state, SessionWrites writes, RivalScan rivals, SessionView.Asking ask)
{
    public delegate Task<object?> Asking(Func<object?> question, CancellationToken cancellationToken);

    /// <summary>Answers a question; what it returns must not be the loop's own.</summary>
    public async Task<T> AskAsync<T>(Func<SessionState, T> question, CancellationToken cancellationToken) =>
        (T)(await ask(() => question(state), cancellationToken))!;

    /// <summary>Has others' routes and Ingresses looked at soon.</summary>
    public void LookForRivals() => rivals.LookSoon();

    /// <summary>Lets go what is held; false: something else is held by now.</summary>
    public Task<bool> ConfirmAsync(string token, CancellationToken cancellationToken) => AskAsync(_ => writes.Confirm(token), cancellationToken);
}
