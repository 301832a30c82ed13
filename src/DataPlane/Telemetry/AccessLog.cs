using System.Buffers;
using System.Text.Json;
using System.Threading.Channels;
using Gatehouse.DataPlane.Hosting;
using Gatehouse.DataPlane.Listeners;
using Gatehouse.DataPlane.Routing;
using Gatehouse.DataPlane.Streams;
using Yarp.ReverseProxy.Model;

namespace Gatehouse.DataPlane.Telemetry;

/// <summary>
/// One JSON object a line for each request, connection and session of datagrams, with the decision. Lines are written in the background; when the writer cannot keep up they are
/// dropped and counted, and never held against a request.
/// </summary>
internal sealed class AccessLog(DataPlaneOptions options, TimeProvider clock) : BackgroundService
{
    private const int Capacity = 16_384;
    private static readonly JsonEncodedText Time = JsonEncodedText.Encode("time");

    private readonly bool _isOn = options.AccessLog != "off";
    private readonly Channel<ArrayBufferWriter<byte>> _lines = Channel.CreateBounded<ArrayBufferWriter<byte>>(
        new BoundedChannelOptions(Capacity) { SingleReader = true, FullMode = BoundedChannelFullMode.Wait });

    private readonly Microsoft.Extensions.ObjectPool.ObjectPool<ArrayBufferWriter<byte>> _buffers =
        new Microsoft.Extensions.ObjectPool.DefaultObjectPool<ArrayBufferWriter<byte>>(new BufferPolicy(), 256);

    private long _dropped;

    /// <summary>Lines that were lost because the writer could not keep up.</summary>
    public long Dropped => Volatile.Read(ref _dropped);

    public void Write(HttpContext context, RequestDecision decision, int status, TimeSpan elapsed)
    {
        if (!_isOn)
            return;
        var buffer = _buffers.Get();
        using (var json = new Utf8JsonWriter(buffer, new JsonWriterOptions { SkipValidation = true }))
            Write(json, context, decision, status, elapsed);
        Queue(buffer);
    }

    public void Write(StreamRecord record, int status, TimeSpan elapsed)
    {
        if (!_isOn)
            return;
        var buffer = _buffers.Get();
        using (var json = new Utf8JsonWriter(buffer, new JsonWriterOptions { SkipValidation = true }))
            Write(json, record, status, elapsed);
        Queue(buffer);
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        if (!_isOn)
            return;
        await using var output = Open();
        // Ends when the channel is completed at shutdown, not by the token: the last lines count most.
        await foreach (var first in _lines.Reader.ReadAllAsync(CancellationToken.None))
        {
            var line = first;
            do
            {
                await output.WriteAsync(line.WrittenMemory, CancellationToken.None);
                _buffers.Return(line);
            }
            while (_lines.Reader.TryRead(out line!));
            await output.FlushAsync(CancellationToken.None);
        }
    }

    public override async Task StopAsync(CancellationToken cancellationToken)
    {
        _lines.Writer.TryComplete();
        await base.StopAsync(cancellationToken);
    }

    private void Queue(ArrayBufferWriter<byte> buffer)
    {
        buffer.Write("\n"u8);
        if (_lines.Writer.TryWrite(buffer))
            return;
        Interlocked.Increment(ref _dropped);
        _buffers.Return(buffer);
    }

    private BufferedStream Open() => new(
        options.AccessLog == "-"
            ? Console.OpenStandardOutput()
            : new FileStream(options.AccessLog, FileMode.Append, FileAccess.Write, FileShare.ReadWrite, 1),
        64 * 1024);

    private void Write(Utf8JsonWriter json, HttpContext context, RequestDecision decision, int status, TimeSpan elapsed)
    {
        var proxied = context.Features.Get<IReverseProxyFeature>()?.ProxiedDestination;
        json.WriteStartObject();
        json.WriteString(Time, clock.GetUtcNow());
        json.WriteString("client", context.Features.Get<ConnectionOrigin>()?.RemoteText);
        json.WriteString("protocol", context.Request.Protocol);
        json.WriteString("method", context.Request.Method);
        json.WriteString("host", decision.Host);
        json.WriteString("path", PathOf(context));
        json.WriteNumber("status", status);
        json.WriteNumber("ms", Math.Round(elapsed.TotalMilliseconds, 3));
        json.WriteString("listener", decision.Listener?.Id);
        json.WriteString("rule", decision.Rule?.Id);
        json.WriteString("backend", decision.Backend?.Backend);
        json.WriteString("endpoint", proxied?.DestinationId);
        if (decision.Challenge is { } challenge)
            json.WriteString("challenge", challenge.Entry.Type);
        if (decision.Fault is { } fault)
            json.WriteString("refused", fault.Code);
        json.WriteString("trace", context.TraceIdentifier);
        json.WriteEndObject();
    }

    private void Write(Utf8JsonWriter json, StreamRecord record, int status, TimeSpan elapsed)
    {
        json.WriteStartObject();
        json.WriteString(Time, clock.GetUtcNow());
        json.WriteString("client", record.Client);
        json.WriteString("protocol", record.Protocol);
        if (record.ServerName is { } name)
            json.WriteString("serverName", name);
        json.WriteNumber("status", status);
        json.WriteNumber("ms", Math.Round(elapsed.TotalMilliseconds, 3));
        json.WriteNumber("received", record.Received);
        json.WriteNumber("sent", record.Sent);
        json.WriteString("listener", record.Listener?.Id);
        json.WriteString("rule", record.Rule?.Id);
        json.WriteString("backend", record.Target?.Backend);
        json.WriteString("endpoint", record.Endpoint?.Id);
        if (record.Challenge is { } challenge)
            json.WriteString("challenge", challenge);
        if (record.Fault is { } fault)
            json.WriteString(status < StatusCodes.Status400BadRequest ? "ended" : "refused", fault.Code);
        json.WriteEndObject();
    }

    // Queries may hold secrets and stay out.
    private static ReadOnlySpan<char> PathOf(HttpContext context)
    {
        var target = context.Features.Get<Microsoft.AspNetCore.Http.Features.IHttpRequestFeature>()?.RawTarget ?? "";
        var query = target.IndexOf('?');
        return query < 0 ? target : target.AsSpan(0, query);
    }

    private sealed class BufferPolicy : Microsoft.Extensions.ObjectPool.PooledObjectPolicy<ArrayBufferWriter<byte>>
    {
        private const int Largest = 16 * 1024;

        public override ArrayBufferWriter<byte> Create() => new(512);

        public override bool Return(ArrayBufferWriter<byte> obj)
        {
            obj.ResetWrittenCount();
            return obj.Capacity <= Largest;
        }
    }
}
