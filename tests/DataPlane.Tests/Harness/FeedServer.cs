using System.Collections.Concurrent;
using System.Net;
using System.Text.Json;
using System.Threading.Channels;
using Gatehouse.Contracts.Feed;
using Gatehouse.Gateway.Compilation;
using Gatehouse.Gateway.Matching;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;

namespace Gatehouse.DataPlane.Tests.Harness;

/// <summary>A small control plane: says what the test tells it to say, and remembers what it hears.</summary>
internal sealed class FeedServer : IAsyncDisposable
{
    private readonly WebApplication _app;
    private readonly Channel<FeedFrame> _frames = Channel.CreateUnbounded<FeedFrame>();
    private readonly Dictionary<(string Table, string Key), byte[]> _entries = [];
    private readonly SemaphoreSlim _turn = new(1, 1);
    private CancellationTokenSource? _last;
    private UInt128 _hash;

    private FeedServer(WebApplication app, int port)
    {
        _app = app;
        Url = new Uri($"http://127.0.0.1:{port}/");
    }

    public Uri Url { get; }

    public ConcurrentQueue<string> Connections { get; } = new();

    public ConcurrentQueue<Acknowledgement> Acknowledgements { get; } = new();

    public bool AskForFullHealth { get; set; }

    public static async Task<FeedServer> StartAsync(int? port = null)
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        var chosen = port ?? FreePort.Next();
        builder.WebHost.ConfigureKestrel(kestrel => kestrel.Listen(IPAddress.Loopback, chosen));
        var app = builder.Build();
        var server = new FeedServer(app, chosen);
        app.MapGet("/internal/v1/feed", server.StreamAsync);
        app.MapPost("/internal/v1/acks", (Acknowledgement acknowledgement) =>
        {
            server.Acknowledgements.Enqueue(acknowledgement);
            return new AcknowledgementReply(server.AskForFullHealth);
        });
        await app.StartAsync();
        return server;
    }

    public void Send(FeedFrame frame) => _frames.Writer.TryWrite(frame);

    /// <summary>Sends all of a table.</summary>
    public void Snapshot(long revision, MatchTable table, bool? explained = true, Dictionary<string, string>? secrets = null)
    {
        _entries.Clear();
        _hash = UInt128.Zero;
        var entries = table.Listeners.Select(entry => Entry(FeedEntry.Listeners, entry.Key, entry.Value))
            .Concat(table.Hosts.Select(entry => Entry(FeedEntry.Hosts, entry.Key, entry.Value)))
            .Concat(table.Backends.Select(entry => Entry(FeedEntry.Backends, entry.Key, entry.Value)))
            .Concat(table.Certificates.Select(entry => Entry(FeedEntry.Certificates, entry.Key, entry.Value) with { Secret = secrets?.GetValueOrDefault(entry.Key) }))
            .Concat(table.Challenges.Select(entry => Entry(FeedEntry.Challenges, entry.Key, entry.Value))).ToList();
        Send(new FeedFrame { Type = FeedFrame.Begin, Snapshot = true, SchemaVersion = MatchTableJson.SchemaVersion, CompilerVersion = "1", Revision = 0 });
        Send(new FeedFrame { Type = FeedFrame.Data, Entries = entries });
        Send(Commit(revision) with { Explained = explained });
    }

    /// <summary>Sends one change.</summary>
    public void Delta(long from, long to, params (string Table, string Key, object? Entry)[] changes)
    {
        Send(new FeedFrame { Type = FeedFrame.Begin, Snapshot = false, SchemaVersion = MatchTableJson.SchemaVersion, CompilerVersion = "1", Revision = from });
        Send(new FeedFrame { Type = FeedFrame.Data, Entries = [.. changes.Select(change => Entry(change.Table, change.Key, change.Entry))] });
        Send(Commit(to));
    }

    /// <summary>Sends a certificate again at the same revision, with or without its key.</summary>
    public void Resend(long revision, CertificateEntry certificate, string? key)
    {
        Send(new FeedFrame { Type = FeedFrame.Begin, Snapshot = false, SchemaVersion = MatchTableJson.SchemaVersion, CompilerVersion = "1", Revision = revision });
        Send(new FeedFrame { Type = FeedFrame.Data, Entries = [Entry(FeedEntry.Certificates, certificate.Key, certificate) with { Secret = key }] });
        Send(Commit(revision));
    }

    public FeedFrame Commit(long revision) => new() { Type = FeedFrame.Commit, Revision = revision, Hash = TableHash.Format(_hash), Count = _entries.Count };

    public async Task<Acknowledgement> WaitForAsync(Func<Acknowledgement, bool> condition)
    {
        for (var i = 0; i < 500; i++)
        {
            if (Acknowledgements.LastOrDefault(condition) is { } found)
                return found;
            await Task.Delay(20);
        }
        throw new TimeoutException($"Last acknowledgement: {JsonSerializer.Serialize(Acknowledgements.LastOrDefault())}");
    }

    public async ValueTask DisposeAsync()
    {
        _frames.Writer.TryComplete();
        using var now = new CancellationTokenSource();
        await now.CancelAsync();
        await _app.StopAsync(now.Token);
        await _app.DisposeAsync();
    }

    private FeedEntry Entry(string table, string key, object? entry)
    {
        if (_entries.Remove((table, key), out var before))
            _hash = unchecked(_hash - TableHash.Of(table, key, before));
        if (entry is null)
            return new FeedEntry(table, key, null);
        var payload = entry as byte[] ?? TableHash.Payload(entry);
        _entries[(table, key)] = payload;
        _hash = unchecked(_hash + TableHash.Of(table, key, payload));
        return new FeedEntry(table, key, JsonDocument.Parse(payload).RootElement);
    }

    private async Task StreamAsync(HttpContext context)
    {
        // A connection that the server does not know to be dead yet must not take frames that are meant for the next.
        using var own = CancellationTokenSource.CreateLinkedTokenSource(context.RequestAborted);
        if (Interlocked.Exchange(ref _last, own) is { } before)
            await before.CancelAsync();
        await _turn.WaitAsync(context.RequestAborted);
        try
        {
            Connections.Enqueue(context.Request.QueryString.Value!);
            await context.Response.StartAsync();
            while (true)
            {
                var frame = await _frames.Reader.ReadAsync(own.Token);
                await context.Response.WriteAsync(JsonSerializer.Serialize(frame, MatchTableJson.Options) + "\n", own.Token);
                await context.Response.Body.FlushAsync(own.Token);
            }
        }
        catch (Exception ended) when (ended is OperationCanceledException or ChannelClosedException)
        {
            // The client went away, or the test ends the feed.
        }
        finally
        {
            Interlocked.CompareExchange(ref _last, null, own);
            _turn.Release();
        }
    }
}
