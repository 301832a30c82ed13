using Gatehouse.Sync.Kubernetes;
using Gatehouse.Sync.Tests.Harness;
using Xunit;

namespace Gatehouse.Sync.Tests.Kubernetes;

public sealed class RequestTests : IDisposable
{
    private static readonly ApiKind ConfigMap = new("", "v1", "ConfigMap", "configmaps", true);
    private readonly CancellationTokenSource _timeout = new(TimeSpan.FromSeconds(30));

    private CancellationToken Timeout => _timeout.Token;

    public void Dispose() => _timeout.Dispose();

    [Fact]
    public async Task Request_ToATlsServer_GoesOverHttp2WithTokenAndName()
    {
        await using var server = await ScriptedServer.StartAsync(Answers.Version);
        await using var api = server.Client();

        Assert.Equal("v1.36.0", await api.GetVersionAsync(Timeout));

        var seen = Assert.Single(server.Requests);
        Assert.Equal(("HTTP/2", "Bearer secret-token"), (seen.Protocol, seen.Authorization));
        Assert.StartsWith("gatehouse-sync/", seen.UserAgent, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Request_To429WithRetryAfter_WaitsAsLongAndAsksAgain()
    {
        await using var server = await ScriptedServer.StartAsync(Answers.Failure(429, "TooManyRequests", "slow down", ("Retry-After", "1")), Answers.Version);
        await using var api = server.Client();

        await api.GetVersionAsync(Timeout);

        Assert.InRange(server.Requests[1].At - server.Requests[0].At, TimeSpan.FromMilliseconds(950), TimeSpan.FromSeconds(5));
    }

    [Fact]
    public async Task Request_ToRetryAfterBeyondItsTime_TellsTheCallerInsteadOfWaiting()
    {
        await using var server = await ScriptedServer.StartAsync(Answers.Failure(503, "ServiceUnavailable", "later", ("Retry-After", "60")));
        await using var api = server.Client();

        var failure = await Assert.ThrowsAsync<KubernetesException>(() => api.GetVersionAsync(Timeout));

        Assert.Equal((503, TimeSpan.FromSeconds(60), true), (failure.Status, failure.RetryAfter, failure.IsTransient));
        Assert.Single(server.Requests);
    }

    [Theory]
    [InlineData(503, 3)]
    [InlineData(500, 1)]
    [InlineData(403, 1)]
    public async Task Request_ThatKeepsFailing_IsTriedABoundedNumberOfTimes(int status, int tries)
    {
        await using var server = await ScriptedServer.StartAsync(Answers.Failure(status));
        await using var api = server.Client(ScriptedServer.Quick with { Tries = 3 });

        var failure = await Assert.ThrowsAsync<KubernetesException>(() => api.GetVersionAsync(Timeout));

        Assert.Equal((status, tries), (failure.Status, server.Requests.Count));
    }

    [Fact]
    public async Task Request_ThatHangs_EndsInTime()
    {
        await using var server = await ScriptedServer.StartAsync(Answers.Hang);
        await using var api = server.Client(ScriptedServer.Quick with { RequestTimeout = TimeSpan.FromMilliseconds(400) });

        var failure = await Assert.ThrowsAsync<KubernetesException>(() => api.GetVersionAsync(Timeout).WaitAsync(TimeSpan.FromSeconds(5)));

        Assert.Equal((0, "The API server did not answer within 0.4 s."), (failure.Status, failure.Message));
        Assert.True(failure.IsTransient);
    }

    [Fact]
    public async Task Request_WhoseBodyHangs_EndsInTime()
    {
        await using var server = await ScriptedServer.StartAsync(Answers.WatchThenSilence("""{"gitVersion":"""));
        await using var api = server.Client(ScriptedServer.Quick with { RequestTimeout = TimeSpan.FromMilliseconds(400) });

        Assert.Equal(0, (await Assert.ThrowsAsync<KubernetesException>(() => api.GetVersionAsync(Timeout).WaitAsync(TimeSpan.FromSeconds(5)))).Status);
    }

    [Fact]
    public async Task Request_ThatTheCallerCancels_IsCancelledAndNotAFailure()
    {
        await using var server = await ScriptedServer.StartAsync(Answers.Hang);
        await using var api = server.Client();
        using var soon = new CancellationTokenSource(TimeSpan.FromMilliseconds(200));

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => api.GetVersionAsync(soon.Token));
    }

    [Fact]
    public async Task Request_ThatIsSentElsewhere_DoesNotFollow()
    {
        await using var elsewhere = await ScriptedServer.StartAsync(Answers.Version);
        await using var server = await ScriptedServer.StartAsync(Answers.Json(307, "", ("Location", elsewhere.Url + "/version")));
        await using var api = server.Client();

        var failure = await Assert.ThrowsAsync<KubernetesException>(() => api.GetVersionAsync(Timeout));

        Assert.Contains("not followed", failure.Message, StringComparison.Ordinal);
        Assert.Empty(elsewhere.Requests);
    }

    [Theory]
    [InlineData("<html>hello</html>")]
    [InlineData("[]")]
    [InlineData("{\"gitVersion\":7}")]
    public async Task Request_ToSomethingElse_SaysThatItIsNoApiServer(string body)
    {
        await using var server = await ScriptedServer.StartAsync(Answers.Json(200, body));
        await using var api = server.Client();

        Assert.Contains("is it an API server?", (await Assert.ThrowsAsync<KubernetesException>(() => api.GetVersionAsync(Timeout))).Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Answer_BeyondTheLimit_IsNotRead()
    {
        await using var server = await ScriptedServer.StartAsync(Answers.Json(200, $$"""{"gitVersion":"{{new string('v', 5000)}}"}"""));
        await using var api = server.Client(ScriptedServer.Quick with { AnswerBytes = 1000 });

        Assert.Contains("larger than 1000 bytes", (await Assert.ThrowsAsync<KubernetesException>(() => api.GetVersionAsync(Timeout))).Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Apply_InConflict_NamesManagersAsTheyAreCalled()
    {
        await using var server = await ScriptedServer.StartAsync(Answers.Json(409, """
            {"kind":"Status","code":409,"reason":"Conflict","message":"Apply failed with 2 conflicts","details":{"causes":[
             {"reason":"FieldManagerConflict","message":"conflict with \"kubectl \\\"x\\\"\" with subresource \"scale\" using gateway.networking.k8s.io/v1 at 2026-01-01T00:00:00Z","field":".spec.rules"},
             {"reason":"FieldManagerConflict","message":"conflict with \"helm\" using v1","field":".spec.hostnames"},
             {"reason":"FieldValueInvalid","message":"other","field":"x"}]}}
            """));
        await using var api = server.Client();

        var failure = await Assert.ThrowsAsync<KubernetesException>(() => api.ApplyAsync(ConfigMap, "ns", "a", "{}"u8.ToArray(), new ApplyOptions("gatehouse"), Timeout));

        Assert.Equal([new FieldConflict("kubectl \"x\"", ".spec.rules"), new FieldConflict("helm", ".spec.hostnames")], failure.Conflicts);
        Assert.Equal(("PATCH", "/api/v1/namespaces/ns/configmaps/a?fieldManager=gatehouse&fieldValidation=Strict"), (server.Requests[0].Method, server.Requests[0].PathAndQuery));
    }

    [Fact]
    public async Task Failure_AboutASecret_DoesNotRepeatItsValue()
    {
        await using var server = await ScriptedServer.StartAsync(Answers.Json(422, """
            {"kind":"Status","code":422,"reason":"Invalid","message":"Secret is invalid: data[tls.key]: Invalid value: \"hunter2\"","details":{"causes":[{"reason":"FieldValueInvalid","message":"hunter2","field":"data[tls.key]"}]}}
            """));
        await using var api = server.Client();

        var failure = await Assert.ThrowsAsync<KubernetesException>(() =>
            api.ApplyAsync(new ApiKind("", "v1", "Secret", "secrets", true), "ns", "a", "{}"u8.ToArray(), new ApplyOptions("gatehouse"), Timeout));

        Assert.DoesNotContain("hunter2", failure.ToString(), StringComparison.Ordinal);
        Assert.Contains("data[tls.key]", failure.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Failure_WithControlCharacters_IsOneBoundedLine()
    {
        await using var server = await ScriptedServer.StartAsync(Answers.Failure(400, "BadRequest", "a\\nb\\u001b[31m" + new string('c', 5000)));
        await using var api = server.Client();

        var failure = await Assert.ThrowsAsync<KubernetesException>(() => api.GetVersionAsync(Timeout));

        Assert.DoesNotContain(failure.Message, char.IsControl);
        Assert.InRange(failure.Message.Length, 1000, 2100);
    }

    [Fact]
    public async Task Delete_WithPreconditions_SendsThemAndRemovesDependentsInTheBackground()
    {
        await using var server = await ScriptedServer.StartAsync(Answers.Json(200, """{"kind":"Status","status":"Success"}"""));
        await using var api = server.Client();

        Assert.True(await api.DeleteAsync(ConfigMap, "ns", "a", "u-1", "7", Timeout));

        Assert.Equal("""{"kind":"DeleteOptions","apiVersion":"v1","propagationPolicy":"Background","preconditions":{"uid":"u-1","resourceVersion":"7"}}""", server.Requests[0].Body);
    }

    [Theory]
    [InlineData("..")]
    [InlineData("a/b")]
    [InlineData("a%2fb")]
    public async Task Request_ForAnImpossibleName_IsNotSent(string name)
    {
        await using var server = await ScriptedServer.StartAsync(Answers.Json(200, "{}"));
        await using var api = server.Client();

        await Assert.ThrowsAsync<ArgumentException>(() => api.GetAsync(ConfigMap, "ns", name, Timeout));
        Assert.Empty(server.Requests);
    }

    [Fact]
    public async Task Discovery_AskedAgain_IsKeptUntilForgottenOrMissed()
    {
        var kinds = Answers.Json(200, """{"resources":[{"name":"configmaps","kind":"ConfigMap","namespaced":true},{"name":"configmaps/x","kind":"X","namespaced":true}]}""");
        await using var server = await ScriptedServer.StartAsync(kinds, kinds, Answers.Json(404, "404 page not found"), kinds);
        await using var api = server.Client();

        Assert.Equal(ConfigMap, await api.FindKindAsync("v1", "ConfigMap", Timeout));
        Assert.Single(server.Requests);
        api.ForgetDiscovery();
        await api.FindKindAsync("v1", "ConfigMap", Timeout);
        Assert.Equal(2, server.Requests.Count);
        Assert.Null(await api.GetAsync(ConfigMap, "ns", "a", Timeout));
        await api.FindKindAsync("v1", "ConfigMap", Timeout);
        Assert.Equal(4, server.Requests.Count);
    }

    [Fact]
    public async Task Discovery_OfAKindThatWasJustDefined_FindsItSoon()
    {
        var time = new SettableTime();
        var more = Answers.Json(200, """{"resources":[{"name":"configmaps","kind":"ConfigMap","namespaced":true},{"name":"xs","kind":"X","namespaced":true}]}""");
        await using var server = await ScriptedServer.StartAsync(Answers.Json(200, """{"resources":[{"name":"configmaps","kind":"ConfigMap","namespaced":true}]}"""), more);
        await using var api = server.Client(new KubernetesClientOptions { Time = time });

        Assert.Equal(ConfigMap, await api.FindKindAsync("v1", "ConfigMap", Timeout));
        time.Advance(TimeSpan.FromSeconds(1));
        Assert.Equal("xs", (await api.FindKindAsync("v1", "X", Timeout))?.Plural);
        Assert.Equal(ConfigMap, await api.FindKindAsync("v1", "ConfigMap", Timeout));
        Assert.Equal(2, server.Requests.Count);
    }

    [Fact]
    public async Task List_WhoseNextPageIsTooOld_BeginsAnew()
    {
        await using var server = await ScriptedServer.StartAsync(
            Answers.List("5", "token", "a", "gone"), Answers.Failure(410, "Expired"), Answers.List("9", "token", "a"), Answers.List("9", null, "b"));
        await using var api = server.Client();

        var list = await api.ListAsync(ConfigMap, null, null, Timeout);

        Assert.Equal((["a", "b"], "9"), (list.Items.Select(item => (string)item["metadata"]!["name"]!), list.ResourceVersion), Comparer);
        Assert.Equal("token", server.Requests[3].Query("continue"));
    }

    [Fact]
    public async Task List_WhosePagesAlwaysGrowOld_IsReadAtOnce()
    {
        await using var server = await ScriptedServer.StartAsync(
            Answers.List("5", "t", "a"), Answers.Failure(410, "Expired"), Answers.List("5", "t", "a"), Answers.Failure(410, "Expired"), Answers.List("9", null, "a", "b"));
        await using var api = server.Client();

        Assert.Equal(2, (await api.ListAsync(ConfigMap, null, null, Timeout)).Items.Count);
        Assert.Equal(("500", null), (server.Requests[2].Query("limit"), server.Requests[4].Query("limit")));
    }

    [Fact]
    public async Task List_WithSlowPages_MayTakeLongerThanOneRequest()
    {
        static Microsoft.AspNetCore.Http.RequestDelegate Slowly(Microsoft.AspNetCore.Http.RequestDelegate answer) => async context =>
        {
            await Task.Delay(400, context.RequestAborted);
            await answer(context);
        };
        await using var server = await ScriptedServer.StartAsync(Slowly(Answers.List("5", "t", "a")), Slowly(Answers.List("5", "t", "b")), Slowly(Answers.List("5", null, "c")));
        await using var api = server.Client(ScriptedServer.Quick with { RequestTimeout = TimeSpan.FromMilliseconds(900) });

        Assert.Equal(3, (await api.ListAsync(ConfigMap, null, null, Timeout)).Items.Count);
    }

    private static EqualityComparer<(IEnumerable<string>, string)> Comparer { get; } =
        EqualityComparer<(IEnumerable<string>, string)>.Create((left, right) => left.Item1.SequenceEqual(right.Item1) && left.Item2 == right.Item2);
}
