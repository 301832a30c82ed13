using System.Text.Json.Nodes;
using Gatehouse.Sync.Kubernetes;
using Gatehouse.Sync.Tests.Harness;
using Microsoft.AspNetCore.Http;
using Xunit;

namespace Gatehouse.Sync.Tests.Kubernetes;

public sealed class WatchTests : IDisposable
{
    private static readonly ApiKind ConfigMap = new("", "v1", "ConfigMap", "configmaps", true);
    private static readonly RequestDelegate Silence = Answers.WatchThenSilence();
    private readonly CancellationTokenSource _timeout = new(TimeSpan.FromSeconds(30));

    public void Dispose() => _timeout.Dispose();

    [Fact]
    public async Task Watch_OfTheListsMoment_AsksForBookmarksAndABoundedTime()
    {
        await using var server = await ScriptedServer.StartAsync(Answers.List("7", null, "a"), Answers.WatchThenSilence(Answers.Event("ADDED", Answers.Object("b", "8")), Answers.Bookmark("9")));

        Assert.Equal(["list a", "changed b", "alive"], await TakeAsync(server, 3));

        var watch = server.Requests[1];
        Assert.Equal(("true", "true", "7"), (watch.Query("watch"), watch.Query("allowWatchBookmarks"), watch.Query("resourceVersion")));
        Assert.InRange(int.Parse(watch.Query("timeoutSeconds")!), 300, 600);
    }

    [Fact]
    public async Task Watch_ThatEndsInGoodOrder_GoesOnFromTheLastBookmarkWithoutAList()
    {
        await using var server = await ScriptedServer.StartAsync(
            Answers.List("7", null, "a"), Answers.Watch(Answers.Event("MODIFIED", Answers.Object("a", "8")), Answers.Bookmark("12")), Answers.WatchThenSilence(Answers.Event("DELETED", Answers.Object("a", "13"))));

        Assert.Equal(["list a", "changed a", "alive", "removed a"], await TakeAsync(server, 4));

        Assert.Equal("12", server.Requests[2].Query("resourceVersion"));
    }

    [Fact]
    public async Task Watch_Refused410_ListsAnew()
    {
        await using var server = await ScriptedServer.StartAsync(Answers.List("7", null, "a", "b"), Answers.Failure(410, "Expired"), Answers.List("9", null, "b"), Silence);

        Assert.Equal(["list a b", "list b"], await TakeAsync(server, 2));
    }

    [Fact]
    public async Task Watch_ToldOf410InTheStream_ListsAnew()
    {
        await using var server = await ScriptedServer.StartAsync(
            Answers.List("7", null, "a", "b"), Answers.Watch(Answers.Event("ERROR", Answers.Status(410, "Expired", "too old resource version"))), Answers.List("9", null, "b"), Silence);

        Assert.Equal(["list a b", "list b"], await TakeAsync(server, 2));
    }

    [Fact]
    public async Task Watch_ToldOfAnotherErrorInTheStream_SaysSoAndGoesOn()
    {
        await using var server = await ScriptedServer.StartAsync(
            Answers.List("7", null, "a"), Answers.Watch(Answers.Event("ERROR", Answers.Status(500, "InternalError", "etcd is away"))), Answers.WatchThenSilence(Answers.Event("ADDED", Answers.Object("b", "8"))));

        Assert.Equal(["list a", "failed 500", "alive", "changed b"], await TakeAsync(server, 4));

        Assert.Equal("7", server.Requests[2].Query("resourceVersion"));
    }

    [Fact]
    public async Task Watch_ThatFallsSilentWithoutClosing_IsBegunAnewWhereItWas()
    {
        await using var server = await ScriptedServer.StartAsync(
            Answers.List("7", null, "a"), Answers.WatchThenSilence(Answers.Event("ADDED", Answers.Object("b", "8"))), Answers.WatchThenSilence(Answers.Event("ADDED", Answers.Object("c", "9"))));

        Assert.Equal(["list a", "changed b", "alive", "changed c"], await TakeAsync(server, 4, ScriptedServer.Quick with { WatchSilence = TimeSpan.FromMilliseconds(300) }));

        Assert.Equal("8", server.Requests[2].Query("resourceVersion"));
    }

    [Fact]
    public async Task Watch_ThatStaysSilent_ListsInTheEnd()
    {
        await using var server = await ScriptedServer.StartAsync(Answers.List("7", null, "a"), Silence, Silence, Silence, Answers.List("9", null, "b"), Silence);

        Assert.Equal(["list a", "alive", "alive", "list b", "alive"], await TakeAsync(server, 5, ScriptedServer.Quick with { WatchSilence = TimeSpan.FromMilliseconds(200) }));
    }

    [Fact]
    public async Task Watch_OfAServerThatHangs_SaysSo()
    {
        await using var server = await ScriptedServer.StartAsync(Answers.List("7", null, "a"), Silence, Answers.Hang);

        Assert.Equal(["list a", "failed 0", "failed 0"], await TakeAsync(server, 3,
            ScriptedServer.Quick with { WatchSilence = TimeSpan.FromMilliseconds(200), RequestTimeout = TimeSpan.FromMilliseconds(300) }));
    }

    [Fact]
    public async Task Watch_OverAConnectionThatWasForgottenOnTheWay_IsMissedByPingsLongBeforeItsSilence()
    {
        await using var proxy = new ConnectProxy();
        await using var server = await ScriptedServer.StartAsync(Answers.List("7", null, "a"), Silence, Answers.WatchThenSilence(Answers.Event("ADDED", Answers.Object("b", "8"))));
        await using var api = server.Client(
            ScriptedServer.Quick with { PingDelay = TimeSpan.FromSeconds(1), PingTimeout = TimeSpan.FromSeconds(1) }, cluster: $", proxy-url: 'http://127.0.0.1:{proxy.Port}'");
        await using var signals = api.WatchAsync(ConfigMap, null, null, _timeout.Token).GetAsyncEnumerator();
        Assert.True(await signals.MoveNextAsync());
        var next = signals.MoveNextAsync().AsTask();
        while (server.Requests.Count < 2)
            await Task.Delay(20, _timeout.Token);

        proxy.Freeze();

        Assert.True(await next.WaitAsync(TimeSpan.FromSeconds(15)));
        Assert.Equal("failed 0", Describe(signals.Current));
        Assert.True(await signals.MoveNextAsync() && await signals.MoveNextAsync());
        Assert.Equal("changed b", Describe(signals.Current));
    }

    [Fact]
    public async Task Watch_WithBookmarksAlone_IsNotSilent()
    {
        RequestDelegate bookmarks = async context =>
        {
            for (var version = 8; version < 18; version++)
            {
                await context.Response.WriteAsync(Answers.Bookmark($"{version}"), context.RequestAborted);
                await context.Response.Body.FlushAsync(context.RequestAborted);
                await Task.Delay(100, context.RequestAborted);
            }
        };
        await using var server = await ScriptedServer.StartAsync(Answers.List("7", null), bookmarks);

        await TakeAsync(server, 11, ScriptedServer.Quick with { WatchSilence = TimeSpan.FromMilliseconds(600) });

        Assert.Equal(2, server.Requests.Count);
    }

    [Fact]
    public async Task Watch_WhoseReaderIsSlow_IsNotSilent()
    {
        await using var server = await ScriptedServer.StartAsync(
            Answers.List("7", null), async context =>
            {
                await Answers.Watch(Answers.Event("ADDED", Answers.Object("a", "8")))(context);
                await Task.Delay(500, context.RequestAborted);
                await context.Response.WriteAsync(Answers.Event("ADDED", Answers.Object("b", "9")), context.RequestAborted);
                await Answers.Hang(context);
            });
        await using var api = server.Client(ScriptedServer.Quick with { WatchSilence = TimeSpan.FromMilliseconds(400) });
        var told = new List<string>();
        await foreach (var signal in api.WatchAsync(ConfigMap, null, null, _timeout.Token))
        {
            told.Add(Describe(signal));
            if (told.Count == 3)
                break;
            await Task.Delay(900);
        }

        Assert.Equal(["list ", "changed a", "changed b"], told);
    }

    [Fact]
    public async Task Watch_CutOffWithinALine_GetsTheObjectAgain()
    {
        var whole = Answers.Event("ADDED", Answers.Object("c", "9"));
        await using var server = await ScriptedServer.StartAsync(
            Answers.List("7", null), Answers.WatchThenAbort(Answers.Event("ADDED", Answers.Object("b", "8")), whole[..20]), Answers.WatchThenSilence(whole));

        Assert.Equal(["list ", "changed b", "failed 0", "alive", "changed c"], await TakeAsync(server, 5));

        Assert.Equal("8", server.Requests[2].Query("resourceVersion"));
    }

    [Fact]
    public async Task Watch_SentInSmallPieces_PutsLinesTogether()
    {
        var text = Answers.Event("ADDED", Answers.Object("b", "8")) + "\n" + Answers.Event("ADDED", Answers.Object(new string('x', 40_000), "9"));
        await using var server = await ScriptedServer.StartAsync(Answers.List("7", null), Answers.WatchThenSilence([.. text.Chunk(997).Select(piece => new string(piece))]));

        Assert.Equal(["list ", "changed b", "changed " + new string('x', 40_000)], await TakeAsync(server, 3));
    }

    [Fact]
    public async Task Watch_WithALineWithoutEnd_StopsReadingAndListsInTheEnd()
    {
        var endless = Answers.WatchThenSilence([.. Enumerable.Repeat(new string('x', 1000), 30)]);
        await using var server = await ScriptedServer.StartAsync(Answers.List("7", null, "a"), endless, endless, endless, Answers.List("9", null, "b"), Silence);

        Assert.Equal(["list a", "failed 0", "alive", "failed 0", "alive", "failed 0", "list b"], await TakeAsync(server, 7, ScriptedServer.Quick with { LineBytes = 10_000 }));
    }

    [Theory]
    [InlineData("{not json\n")]
    [InlineData("{\"type\":\"ADDED\"}\n")]
    [InlineData("{\"type\":\"ADDED\",\"object\":7}\n")]
    [InlineData("{\"type\":\"ADDED\",\"object\":{\"metadata\":{},\"metadata\":{}}}\n")]
    [InlineData("[]\n")]
    public async Task Watch_WithAMalformedLine_SurvivesIt(string line)
    {
        await using var server = await ScriptedServer.StartAsync(Answers.List("7", null), Answers.Watch(line), Answers.WatchThenSilence(Answers.Event("ADDED", Answers.Object("b", "8"))));

        Assert.Equal(["list ", "failed 0", "alive", "changed b"], await TakeAsync(server, 4));
    }

    [Fact]
    public async Task Watch_WithATypeOfTheFuture_PassesItOver()
    {
        await using var server = await ScriptedServer.StartAsync(
            Answers.List("7", null), Answers.WatchThenSilence(Answers.Event("RENAMED", Answers.Object("a", "8")), Answers.Event("ADDED", Answers.Object("b", "9"))));

        Assert.Equal(["list ", "changed b"], await TakeAsync(server, 2));
    }

    [Fact]
    public async Task Watch_ThatAlwaysEndsAtOnce_IsAskedForLessAndLess()
    {
        await using var server = await ScriptedServer.StartAsync(Answers.List("7", null), Answers.Watch());
        await using var api = server.Client(ScriptedServer.Quick with { BackoffStart = TimeSpan.FromMilliseconds(200), BackoffLimit = TimeSpan.FromSeconds(5) });
        using var soon = new CancellationTokenSource(TimeSpan.FromSeconds(2));

        await Assert.ThrowsAnyAsync<OperationCanceledException>(async () =>
        {
            await foreach (var signal in api.WatchAsync(ConfigMap, null, null, soon.Token))
                _ = signal;
        });

        Assert.InRange(server.Requests.Count, 3, 10);
    }

    [Fact]
    public async Task Watch_OfAServerThatIsAway_SaysSoUntilItIsBack()
    {
        await using var server = await ScriptedServer.StartAsync(Answers.Failure(503), Answers.Failure(401, "Unauthorized"), Answers.List("7", null, "a"), Silence);

        Assert.Equal(["failed 503", "failed 401", "list a"], await TakeAsync(server, 3, ScriptedServer.Quick with { Tries = 1 }));
    }

    [Fact]
    public async Task Watch_ToldToComeBackLater_WaitsAsLong()
    {
        await using var server = await ScriptedServer.StartAsync(Answers.List("7", null), Answers.Failure(429, "TooManyRequests", "later", ("Retry-After", "1")), Answers.WatchThenSilence(Answers.Bookmark("8")));

        Assert.Equal(["list ", "failed 429", "alive"], await TakeAsync(server, 3));

        Assert.True(server.Requests[2].At - server.Requests[1].At >= TimeSpan.FromMilliseconds(950));
    }

    [Fact]
    public async Task Watch_OfAKindThatIsNoLongerServed_SaysWhichAndListsWhenItIs()
    {
        await using var server = await ScriptedServer.StartAsync(Answers.List("7", null, "a"), Answers.Json(404, "404 page not found"), Answers.List("9", null, "b"), Silence);

        Assert.Equal(["list a", "failed 404", "list b"], await TakeAsync(server, 3));
    }

    [Fact]
    public async Task Watch_CancelledWhileSilent_EndsAtOnce()
    {
        await using var server = await ScriptedServer.StartAsync(Answers.List("7", null), Silence);
        await using var api = server.Client();
        using var cancellation = new CancellationTokenSource();
        await using var signals = api.WatchAsync(ConfigMap, null, null, cancellation.Token).GetAsyncEnumerator();
        Assert.True(await signals.MoveNextAsync());
        var next = signals.MoveNextAsync().AsTask();

        await cancellation.CancelAsync();

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => next.WaitAsync(TimeSpan.FromSeconds(5)));
    }

    private async Task<List<string>> TakeAsync(ScriptedServer server, int count, KubernetesClientOptions? options = null)
    {
        await using var api = server.Client(options);
        var told = new List<string>();
        await foreach (var signal in api.WatchAsync(ConfigMap, null, null, _timeout.Token))
        {
            told.Add(Describe(signal));
            if (told.Count == count)
                break;
        }
        return told;
    }

    private static string Describe(WatchSignal signal) => signal switch
    {
        Relisted list => "list " + string.Join(' ', list.Items.Select(Name)),
        Changed changed => "changed " + Name(changed.Object),
        Removed removed => "removed " + Name(removed.Object),
        Alive => "alive",
        WatchFailed failed => $"failed {failed.Status}",
        _ => throw new InvalidOperationException(signal.ToString()),
    };

    private static string Name(JsonObject item) => (string)item["metadata"]!["name"]!;
}
