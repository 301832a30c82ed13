using System.Diagnostics;
using System.Net.Http.Headers;
using Gatehouse.Contracts.Api;
using Gatehouse.Standalone.DataPlanes;

namespace Gatehouse.Standalone.Up;

/// <summary>When an instance may be called started: the API answers, and the data plane serves what the API has compiled.</summary>
internal sealed class Readiness : IDisposable
{
    private static readonly TimeSpan Period = TimeSpan.FromMilliseconds(20);
    private static readonly TimeSpan ReadyPatience = TimeSpan.FromSeconds(60);
    private static readonly TimeSpan CatchUpPatience = TimeSpan.FromSeconds(5);

    private readonly HttpClient http;
    private readonly DataPlaneProcess dataPlane;

    public Readiness(Uri api, string adminToken, DataPlaneProcess dataPlane)
    {
        this.dataPlane = dataPlane;
        http = new HttpClient { BaseAddress = api, Timeout = TimeSpan.FromSeconds(5) };
        http.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", adminToken);
    }

    /// <summary>Waits for both.</summary>
    /// <param name="compiled">The revision that is compiled now.</param>
    /// <param name="say">Tells the user what does not come.</param>
    /// <param name="cancellationToken">Cancels.</param>
    public async Task WaitAsync(Func<long> compiled, Action<string> say, CancellationToken cancellationToken)
    {
        if (!await UntilAsync(ReadyPatience, IsReadyAsync, cancellationToken).ConfigureAwait(false))
            throw new StartupFailure($"the API at {http.BaseAddress} or the data plane was not ready within {ReadyPatience.TotalSeconds} s: see the messages above and the logs directory in --data-dir.");
        // A data plane that serves from its last good snapshot is a little behind until it has the feed.
        if (!await UntilAsync(CatchUpPatience, token => HasAppliedAsync(compiled(), token), cancellationToken).ConfigureAwait(false))
            say($"The data plane has not taken revision {compiled()} yet: see data-plane.log in the logs directory, and GET /api/v1/dataplanes.");
    }

    public void Dispose() => http.Dispose();

    private static async Task<bool> UntilAsync(TimeSpan patience, Func<CancellationToken, Task<bool>> condition, CancellationToken cancellationToken)
    {
        var begun = Stopwatch.GetTimestamp();
        while (!await condition(cancellationToken).ConfigureAwait(false))
        {
            if (Stopwatch.GetElapsedTime(begun) > patience)
                return false;
            await Task.Delay(Period, cancellationToken).ConfigureAwait(false);
        }
        return true;
    }

    private async Task<bool> IsReadyAsync(CancellationToken cancellationToken)
    {
        try
        {
            using var response = await http.GetAsync(new Uri("readyz", UriKind.Relative), cancellationToken).ConfigureAwait(false);
            return response.IsSuccessStatusCode && await dataPlane.IsReadyAsync(cancellationToken).ConfigureAwait(false);
        }
        catch (Exception silent) when (silent is HttpRequestException || (silent is OperationCanceledException && !cancellationToken.IsCancellationRequested))
        {
            return false;
        }
    }

    private async Task<bool> HasAppliedAsync(long revision, CancellationToken cancellationToken)
    {
        try
        {
            var page = await http.GetFromJsonAsync<ListPage<DataPlaneView>>("api/v1/dataplanes", cancellationToken).ConfigureAwait(false);
            return page?.Items.Any(view => view is { Name: DataPlaneProcess.Replica, Connected: true } && view.AppliedRevision >= revision) ?? false;
        }
        catch (Exception silent) when (silent is HttpRequestException || (silent is OperationCanceledException && !cancellationToken.IsCancellationRequested))
        {
            return false;
        }
    }
}
