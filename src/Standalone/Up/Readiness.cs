using System.Diagnostics;
using Gatehouse.Standalone.DataPlanes;

namespace Gatehouse.Standalone.Up;

/// <summary>When an instance may be called started.</summary>
internal static class Readiness
{
    private static readonly TimeSpan Period = TimeSpan.FromMilliseconds(25);

    /// <summary>Waits until the API and the data plane both say so.</summary>
    public static async Task WaitAsync(Uri api, DataPlaneProcess dataPlane, TimeSpan patience, CancellationToken cancellationToken)
    {
        using var http = new HttpClient { Timeout = TimeSpan.FromSeconds(5) };
        var begun = Stopwatch.GetTimestamp();
        while (!await IsReadyAsync(http, api, cancellationToken).ConfigureAwait(false) || !await dataPlane.IsReadyAsync(cancellationToken).ConfigureAwait(false))
        {
            if (Stopwatch.GetElapsedTime(begun) > patience)
                throw new StartupFailure($"the API at {api} or the data plane was not ready within {patience.TotalSeconds} s: see the messages above and the logs directory in --data-dir.");
            await Task.Delay(Period, cancellationToken).ConfigureAwait(false);
        }
    }

    private static async Task<bool> IsReadyAsync(HttpClient http, Uri api, CancellationToken cancellationToken)
    {
        try
        {
            using var response = await http.GetAsync(new Uri(api, "readyz"), cancellationToken).ConfigureAwait(false);
            return response.IsSuccessStatusCode;
        }
        catch (HttpRequestException)
        {
            return false;
        }
    }
}
