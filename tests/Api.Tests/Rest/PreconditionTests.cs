using Xunit;

namespace Gatehouse.Api.Tests.Rest;

public sealed class PreconditionTests(ApiFixture api) : IClassFixture<ApiFixture>
{
    private const string Backends = "/api/v1/tenants/shop/backends";
    private const string Backend = """{"spec":{"endpoints":[{"address":"127.0.0.1","port":9001}]}}""";

    [Fact]
    public async Task IfMatch_OldTag_IsRefusedOnEveryWrite()
    {
        var editor = api.As("shop", "editor");
        var old = (await editor.PutAsync($"{Backends}/tagged", Backend)).Expect(201).ETag!;
        var now = (await editor.PatchAsync($"{Backends}/tagged", """{"labels":{"a":"b"}}""", ("If-Match", old))).Expect(200).ETag!;

        (await editor.PutAsync($"{Backends}/tagged", Backend, ("If-Match", old))).ExpectProblem(412, "precondition_failed");
        (await editor.PatchAsync($"{Backends}/tagged", "{}", ("If-Match", old))).ExpectProblem(412, "precondition_failed");
        (await editor.DeleteAsync($"{Backends}/tagged", ("If-Match", old))).ExpectProblem(412, "precondition_failed");
        (await editor.PutAsync($"{Backends}/tagged", Backend, ("If-Match", "W/" + now))).ExpectProblem(412, "precondition_failed");
        (await editor.PutAsync($"{Backends}/tagged", Backend, ("If-Match", "nonsense"))).ExpectProblem(412, "precondition_failed");
        (await editor.PutAsync($"{Backends}/tagged", Backend, ("If-Match", $"{old}, {now}"))).Expect(200);
        (await editor.DeleteAsync($"{Backends}/tagged", ("If-Match", "*"))).Expect(204);
        (await editor.PutAsync($"{Backends}/tagged", Backend, ("If-Match", "*"))).ExpectProblem(412, "precondition_failed");
    }

    [Fact]
    public async Task IfMatch_TagOfADeletedNamesake_IsRefused()
    {
        var editor = api.As("shop", "editor");
        var old = (await editor.PutAsync($"{Backends}/reborn", Backend)).Expect(201).ETag!;
        (await editor.DeleteAsync($"{Backends}/reborn")).Expect(204);
        (await editor.PutAsync($"{Backends}/reborn", Backend)).Expect(201);

        (await editor.PutAsync($"{Backends}/reborn", Backend, ("If-Match", old))).ExpectProblem(412, "precondition_failed");
    }

    [Fact]
    public async Task IfNoneMatch_Star_CreatesOnly()
    {
        var editor = api.As("shop", "editor");

        (await editor.PutAsync($"{Backends}/once", Backend, ("If-None-Match", "*"))).Expect(201);
        (await editor.PutAsync($"{Backends}/once", Backend, ("If-None-Match", "*"))).ExpectProblem(412, "precondition_failed");
    }

    [Fact]
    public async Task IfMatch_ParallelWritersWithOneTag_OneWins()
    {
        var editor = api.As("shop", "editor");
        var tag = (await editor.PutAsync($"{Backends}/raced", Backend)).Expect(201).ETag!;

        var answers = await Task.WhenAll(Enumerable.Range(0, 12).Select(i =>
            editor.PatchAsync($"{Backends}/raced", $$$"""{"labels":{"winner":"{{{i}}}"}}""", ("If-Match", tag))));

        Assert.Single(answers, answer => answer.Status == 200);
        Assert.Equal(11, answers.Count(answer => answer.Status == 412));
    }

    [Fact]
    public async Task Put_ParallelCreators_OneCreatesAndAllSucceed()
    {
        var editor = api.As("shop", "editor");

        var answers = await Task.WhenAll(Enumerable.Range(0, 12).Select(_ => editor.PutAsync($"{Backends}/together", Backend)));

        Assert.Single(answers, answer => answer.Status == 201);
        Assert.Equal(11, answers.Count(answer => answer.Status == 200));
    }

    [Fact]
    public async Task IdempotencyKey_Repeated_GetsTheFirstAnswer()
    {
        var editor = api.As("shop", "editor");
        var body = Backend.Replace("{\"spec\"", "{\"name\":\"keyed\",\"spec\"", StringComparison.Ordinal);
        var other = body.Replace("keyed", "keyed2", StringComparison.Ordinal);

        var first = (await editor.PostAsync(Backends, body, ("Idempotency-Key", "k1"))).Expect(201);
        (await editor.DeleteAsync($"{Backends}/keyed")).Expect(204);
        var again = (await editor.PostAsync(Backends, body, ("Idempotency-Key", "k1"))).Expect(201);

        Assert.Equal(first.Json.GetProperty("id").GetString(), again.Json.GetProperty("id").GetString());
        Assert.Equal(first.ETag, again.ETag);
        Assert.Equal(first.Headers.Location, again.Headers.Location);
        Assert.Equal("true", again.Headers.GetValues("Idempotency-Replayed").Single());
        (await editor.GetAsync($"{Backends}/keyed")).Expect(404);
        (await editor.PostAsync(Backends, other, ("Idempotency-Key", "k1"))).ExpectProblem(422, "idempotency_key_reused");
        (await editor.PostAsync(Backends, other, ("Idempotency-Key", new string('x', 300)))).ExpectProblem(422, "invalid").ExpectField("@Idempotency-Key", "invalid_format");
        (await api.As("shop", "admin").PostAsync(Backends, other, ("Idempotency-Key", "k1"))).Expect(201);
    }

    [Fact]
    public async Task IdempotencyKey_Parallel_WritesOnce()
    {
        var editor = api.As("shop", "editor");
        var body = Backend.Replace("{\"spec\"", "{\"name\":\"keyed-parallel\",\"spec\"", StringComparison.Ordinal);

        var answers = await Task.WhenAll(Enumerable.Range(0, 10).Select(_ => editor.PostAsync(Backends, body, ("Idempotency-Key", "k2"))));

        Assert.All(answers, answer => answer.Expect(201));
        Assert.Single(answers.Select(answer => answer.Json.GetProperty("id").GetString()).Distinct());
    }

    [Fact]
    public async Task IdempotencyKey_FailureOrDryRun_IsNotRemembered()
    {
        var editor = api.As("shop", "editor");
        var body = Backend.Replace("{\"spec\"", "{\"name\":\"keyed-later\",\"spec\"", StringComparison.Ordinal);

        (await editor.PostAsync(Backends, "{}", ("Idempotency-Key", "k3"))).Expect(422);
        (await editor.PostAsync($"{Backends}?dryRun=true", body, ("Idempotency-Key", "k3"))).Expect(201);
        var written = (await editor.PostAsync(Backends, body, ("Idempotency-Key", "k3"))).Expect(201);

        Assert.False(written.Headers.Contains("Idempotency-Replayed"));
    }

    [Fact]
    public async Task IdempotencyKey_OfAToken_NeverShowsItAgain()
    {
        var admin = api.As("shop", "admin");

        var first = (await admin.PostAsync("/api/v1/tenants/shop/tokens", """{"name":"once","role":"viewer"}""", ("Idempotency-Key", "t1"))).Expect(201);
        var again = (await admin.PostAsync("/api/v1/tenants/shop/tokens", """{"name":"once","role":"viewer"}""", ("Idempotency-Key", "t1"))).Expect(201);

        Assert.StartsWith("gh_", first.Json.GetProperty("token").GetString(), StringComparison.Ordinal);
        Assert.False(again.Json.TryGetProperty("token", out _));
    }
}
