using System.Diagnostics;
using System.Diagnostics.Metrics;
using Gatehouse.DataPlane.Routing;

namespace Gatehouse.DataPlane.Telemetry;

/// <summary>Is told of every request when it has ended: counts it, and writes it to the access log.</summary>
internal sealed class RequestTelemetry : IDisposable
{
    private readonly AccessLog _accessLog;
    private readonly SeriesRegistry _series;
    private readonly TimeProvider _clock;
    private readonly Meter _meter = new("Gatehouse.DataPlane");
    private readonly Histogram<double> _duration;

    public RequestTelemetry(AccessLog accessLog, SeriesRegistry series, TimeProvider clock)
    {
        _accessLog = accessLog;
        _series = series;
        _clock = clock;
        // https://opentelemetry.io/docs/specs/semconv/http/http-metrics/
        _duration = _meter.CreateHistogram<double>("http.server.request.duration", "s", "Duration of requests through the gateway.");
        _meter.CreateObservableCounter("gatehouse.access_log.dropped", () => accessLog.Dropped, "{line}", "Access log lines that were lost.");
    }

    public void Completed(HttpContext context, RequestDecision decision)
    {
        var now = _clock.GetTimestamp();
        var elapsed = _clock.GetElapsedTime(decision.Started, now);
        var status = decision.Fault == Fault.ClientGone ? Fault.ClientGone.Status : context.Response.StatusCode;
        SeriesOf(decision).Record(status, elapsed, now);
        if (_duration.Enabled)
            Record(context, decision, status, elapsed);
        _accessLog.Write(context, decision, status, elapsed);
    }

    public void Dispose() => _meter.Dispose();

    // Rules and their backends remember their series: nothing is looked up for a request that was decided.
    private Series SeriesOf(RequestDecision decision)
    {
        if (decision is { Backend: { } target, Rule: { } rule })
            return target.Series ??= _series.Of(new SeriesKey(decision.Listener!.Id, rule.Id, target.Backend ?? ""));
        if (decision.Rule is { } only)
            return only.Series ??= _series.Of(new SeriesKey(decision.Listener!.Id, only.Id, ""));
        return _series.Of(decision.Challenge is null ? new SeriesKey(decision.Listener?.Id ?? "", "", "") : SeriesKey.Challenges);
    }

    private void Record(HttpContext context, RequestDecision decision, int status, TimeSpan elapsed)
    {
        var tags = new TagList
        {
            { "http.request.method", MethodOf(context.Request.Method) },
            { "http.response.status_code", status },
            { "http.route", decision.Rule?.Id },
            { "gatehouse.listener", decision.Listener?.Id },
            { "gatehouse.backend", decision.Backend?.Backend },
        };
        if (decision.Challenge is { } challenge)
            tags.Add("gatehouse.challenge", challenge.Entry.Type);
        if (decision.Fault is { } fault)
            tags.Add("error.type", fault.Code);
        _duration.Record(elapsed.TotalSeconds, tags);
    }

    // Clients may send any method: what is not well known is one value.
    private static string MethodOf(string method) => method is "GET" or "HEAD" or "POST" or "PUT" or "DELETE" or "CONNECT" or "OPTIONS" or "TRACE" or "PATCH" ? method : "_OTHER";
}
