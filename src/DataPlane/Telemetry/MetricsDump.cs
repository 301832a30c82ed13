using System.Globalization;
using System.IO.Pipelines;
using System.Text.Json;
using Gatehouse.DataPlane.Feed;
using Gatehouse.DataPlane.Listeners;
using Gatehouse.DataPlane.Routing;

namespace Gatehouse.DataPlane.Telemetry;

/// <summary>Writes the state of this process as JSON for the admin socket.</summary>
internal sealed class MetricsDump(SeriesRegistry series, FeedStatus feed, SocketSet sockets, TableStore tables, AccessLog accessLog, StreamCounts counts)
{
    public async Task WriteAsync(PipeWriter output, CancellationToken cancellationToken)
    {
        await using var json = new Utf8JsonWriter(output);
        json.WriteStartObject();
        WriteFeed(json);
        json.WriteNumber("connections", counts.Connections);
        json.WriteNumber("relays", counts.Relays);
        json.WriteNumber("datagramSessions", counts.DatagramSessions);
        json.WriteNumber("accessLogDropped", accessLog.Dropped);
        json.WriteNumber("memoryBytes", Environment.WorkingSet);
        json.WriteNumber("cpuMs", Environment.CpuUsage.TotalTime.TotalMilliseconds);
        json.WriteNumber("allocatedBytes", GC.GetTotalAllocatedBytes());
        json.WriteStartArray("sockets");
        foreach (var socket in sockets.Report())
            JsonSerializer.Serialize(json, socket, JsonSerializerOptions.Web);
        json.WriteEndArray();
        json.WriteStartArray("requests");
        foreach (var one in series.All)
        {
            WriteSeries(json, one);
            await json.FlushAsync(cancellationToken);
            await output.FlushAsync(cancellationToken);
        }
        json.WriteEndArray();
        json.WriteEndObject();
    }

    private void WriteFeed(Utf8JsonWriter json)
    {
        json.WriteStartObject("feed");
        json.WriteBoolean("connected", feed.IsConnected);
        json.WriteNumber("revision", feed.Position.Revision);
        json.WriteString("held", feed.Held);
        json.WriteNumber("refusals", feed.Refusals.Count);
        json.WriteNumber("backends", tables.Current.Backends.Count);
        json.WriteEndObject();
    }

    private static void WriteSeries(Utf8JsonWriter json, Series series)
    {
        json.WriteStartObject();
        json.WriteString("listener", series.Key.Listener);
        json.WriteString("rule", series.Key.Rule);
        json.WriteString("backend", series.Key.Backend);
        json.WriteStartObject("statuses");
        for (var status = 1; status <= 5; status++)
        {
            if (series.CountOf(status) is > 0 and var count)
                json.WriteNumber($"{status}xx", count);
        }
        json.WriteEndObject();
        json.WriteNumber("durationMsSum", Math.Round(series.TotalMs, 3));
        json.WriteStartObject("durationMs");
        for (var i = 0; i <= Series.Bounds.Length; i++)
        {
            if (series.BucketOf(i) is > 0 and var count)
                json.WriteNumber(i < Series.Bounds.Length ? Series.Bounds[i].ToString(CultureInfo.InvariantCulture) : "+Inf", count);
        }
        json.WriteEndObject();
        json.WriteEndObject();
    }
}
