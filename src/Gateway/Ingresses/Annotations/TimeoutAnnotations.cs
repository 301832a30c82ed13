using System.Globalization;
using Gatehouse.Gateway.Resources;

namespace Gatehouse.Gateway.Ingresses.Annotations;

/// <summary>Timeouts and retries (https://kubernetes.github.io/ingress-nginx/user-guide/nginx-configuration/annotations/#custom-timeouts).</summary>
internal static class TimeoutAnnotations
{
    private const string Connect = "proxy-connect-timeout";
    private const string Send = "proxy-send-timeout";
    private const string Read60 = "proxy-read-timeout";
    private const string Next = "proxy-next-upstream";
    private const string NextTries = "proxy-next-upstream-tries";
    private const string NextTimeout = "proxy-next-upstream-timeout";
    private const int DefaultTries = 3;
    private const int MaxSeconds = 99_999;

    public static void Read(AnnotationBag bag, IngressSettings settings)
    {
        if (bag.Number(Read60) is > 0 and <= MaxSeconds and var seconds)
        {
            settings.Timeouts = new HttpRouteTimeouts { BackendRequest = seconds.ToString(CultureInfo.InvariantCulture) + "s" };
            bag.Differ(Read60, $"timeouts.backendRequest is {seconds}s: a whole answer may take that long, where ingress-nginx bounds each pause within it. Upgraded connections are not bounded.");
        }
        bag.Ignore(Read60, "It is no usable number of seconds, so no timeout is set.");
        bag.Differ(Connect, "Routes have no such timeout: the data plane gives up a connection attempt after 5 seconds.");
        bag.Differ(Send, "Routes have no timeout for pauses while a request is sent; timeouts.backendRequest bounds the whole exchange.");
        ReadRetry(bag, settings);
    }

    private static void ReadRetry(AnnotationBag bag, IngressSettings settings)
    {
        var conditions = (bag.Text(Next) ?? "").Split(' ', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries);
        if (conditions.Length == 0)
        {
            bag.Ignore(Next, "It is empty.");
            bag.Differ(NextTries, "Without proxy-next-upstream a route does not try again.");
            bag.Differ(NextTimeout, "Without proxy-next-upstream a route does not try again.");
            return;
        }
        if (conditions.Contains("off"))
        {
            bag.Exact(Next, "Nothing is tried again.");
            bag.Ignore(NextTries, "Nothing is tried again.");
            bag.Ignore(NextTimeout, "Nothing is tried again.");
            return;
        }
        var codes = conditions.Where(condition => condition.StartsWith("http_", StringComparison.Ordinal))
            .Select(condition => int.TryParse(condition[5..], NumberStyles.None, CultureInfo.InvariantCulture, out var code) ? code : 0)
            .Where(code => code is >= 400 and <= 599).Distinct().ToList();
        var tries = bag.Number(NextTries) is >= 1 and <= 100 and var written ? written : DefaultTries;
        if (tries > 1)
            settings.Retry = new HttpRouteRetry { Codes = codes.Count == 0 ? null : codes, Attempts = tries - 1 };
        bag.Differ(Next, "retry tries another endpoint after connection errors and the listed codes. Requests with bodies above 64 KiB are not repeated, and non_idempotent makes no difference.");
        bag.Exact(NextTries, $"{tries} attempts in all.");
        bag.Differ(NextTimeout, "Repetition ends with the attempts, or with the request's own timeout.");
    }
}
