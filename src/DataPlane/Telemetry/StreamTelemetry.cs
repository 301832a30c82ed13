using System.Diagnostics;
using System.Diagnostics.Metrics;
using Gatehouse.DataPlane.Streams;

namespace Gatehouse.DataPlane.Telemetry;

/// <summary>Is told of every connection and session of datagrams that is over: counts it, and writes it to the access log.</summary>
internal sealed class StreamTelemetry : IDisposable
{
    private readonly AccessLog _accessLog;
    private readonly SeriesRegistry _series;
    private readonly TimeProvider _clock;
    private readonly Meter _meter = new("Gatehouse.DataPlane");
    private readonly Histogram<double> _duration;
    private readonly Counter<long> _bytes;

    public StreamTelemetry(AccessLog accessLog, SeriesRegistry series, RelaySet relays, TimeProvider clock)
    {
        _accessLog = accessLog;
        _series = series;
        _clock = clock;
        _duration = _meter.CreateHistogram<double>("gatehouse.stream.duration", "s", "Duration of connections and sessions of datagrams through the gateway.");
        _bytes = _meter.CreateCounter<long>("gatehouse.stream.io", "By", "Bytes that connections and datagrams carried.");
        _meter.CreateObservableUpDownCounter("gatehouse.stream.active", () => relays.Count, "{connection}", "Connections that are relayed now.");
    }

    public void Completed(StreamRecord record)
    {
        var now = _clock.GetTimestamp();
        var elapsed = _clock.GetElapsedTime(record.Started, now);
        var status = record.Fault?.Status ?? StatusCodes.Status200OK;
        SeriesOf(record).Record(status, elapsed, now);
        if (_duration.Enabled || _bytes.Enabled)
            Record(record, elapsed);
        _accessLog.Write(record, status, elapsed);
    }

    public void Dispose() => _meter.Dispose();

    private Series SeriesOf(StreamRecord record)
    {
        if (record is { Rule: { } rule, Target: { } target })
            return target.Series ??= _series.Of(new SeriesKey(record.Listener!.Id, rule.Id, target.Backend ?? ""));
        return _series.Of(record.Challenge is null ? new SeriesKey(record.Listener?.Id ?? "", record.Rule?.Id ?? "", "") : SeriesKey.Challenges);
    }

    private void Record(StreamRecord record, TimeSpan elapsed)
    {
        var tags = new TagList
        {
            { "network.protocol.name", record.Protocol },
            { "gatehouse.listener", record.Listener?.Id },
            { "gatehouse.rule", record.Rule?.Id },
            { "gatehouse.backend", record.Target?.Backend },
        };
        if (record.Received > 0)
            _bytes.Add(record.Received, [.. tags, new("network.io.direction", "receive")]);
        if (record.Sent > 0)
            _bytes.Add(record.Sent, [.. tags, new("network.io.direction", "transmit")]);
        if (record.Challenge is { } challenge)
            tags.Add("gatehouse.challenge", challenge);
        if (record.Fault is { } fault)
            tags.Add("error.type", fault.Code);
        _duration.Record(elapsed.TotalSeconds, tags);
    }
}
