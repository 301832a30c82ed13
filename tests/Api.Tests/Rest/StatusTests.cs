using Xunit;

namespace Gatehouse.Api.Tests.Rest;

public sealed class StatusTests(ApiFixture api) : IClassFixture<ApiFixture>
{
    [Fact]
    public async Task Wait_ForAccepted_AnswersOnceCompiled()
    {
        var editor = api.As("shop", "editor");
        (await editor.PutAsync("/api/v1/tenants/shop/hostnames/wait.example.com", """{"spec":{}}""")).Expect(201);
        (await editor.PutAsync("/api/v1/tenants/shop/httproutes/wait", """{"spec":{"hostnames":["wait.example.com"],"rules":[{"backendRefs":[{"name":"gone"}]}]}}""")).Expect(201);

        var route = (await editor.GetAsync("/api/v1/tenants/shop/httproutes/wait?waitFor=Accepted&timeout=10s")).Expect(200).Json;

        var accepted = route.GetProperty("status").GetProperty("conditions").EnumerateArray().Single(condition => condition.GetProperty("type").GetString() == "Accepted");
        Assert.Equal("True", accepted.GetProperty("status").GetString());
        Assert.Equal(1, accepted.GetProperty("observedGeneration").GetInt64());
    }

    [Fact]
    public async Task Wait_ForTerminallyFalse_AnswersEarly()
    {
        var editor = api.As("shop", "editor");
        (await editor.PutAsync("/api/v1/tenants/shop/httproutes/unclaimed", """
            {"spec":{"parentRefs":[{"name":"default","namespace":"platform"}],"hostnames":["never.example.com"],"rules":[{"backendRefs":[{"name":"gone"}]}]}}
            """)).Expect(201);

        var route = (await editor.GetAsync("/api/v1/tenants/shop/httproutes/unclaimed?waitFor=Live&timeout=20s")).Expect(200).Json;

        Assert.Equal("False", route.GetProperty("status").GetProperty("conditions").EnumerateArray()
            .Single(condition => condition.GetProperty("type").GetString() == "Live").GetProperty("status").GetString());
    }

    [Fact]
    public async Task Wait_ForWhatDoesNotCome_Gets504WithConditions()
    {
        var editor = api.As("shop", "editor");
        (await editor.PutAsync("/api/v1/tenants/shop/hostnames/late.example.com", """{"spec":{}}""")).Expect(201);

        var answer = (await editor.GetAsync("/api/v1/tenants/shop/hostnames/late.example.com?waitFor=Programmed&timeout=500ms")).ExpectProblem(504, "wait_timeout");

        Assert.Contains(answer.Json.GetProperty("conditions").EnumerateArray(), condition => condition.GetProperty("type").GetString() == "Programmed");
        (await editor.GetAsync("/api/v1/tenants/shop/hostnames/late.example.com?waitFor=live")).ExpectProblem(422, "invalid").ExpectField("?waitFor", "invalid_format");
        (await editor.GetAsync("/api/v1/tenants/shop/hostnames/late.example.com?waitFor=Live&timeout=1d")).ExpectProblem(422, "invalid").ExpectField("?timeout", "invalid_format");
        (await editor.GetAsync("/api/v1/tenants/shop/hostnames/nothing.example.com?waitFor=Live")).ExpectProblem(404, "not_found");
    }

    [Fact]
    public async Task Put_OtherSpec_IsNotProgrammedAtTheNewGeneration()
    {
        var editor = api.As("shop", "editor");
        (await editor.PutAsync("/api/v1/tenants/shop/httproutes/fresh", """{"spec":{"rules":[{"backendRefs":[{"name":"a"}]}]}}""")).Expect(201);
        await editor.GetAsync("/api/v1/tenants/shop/httproutes/fresh?waitFor=Accepted&timeout=5s");

        var changed = (await editor.PutAsync("/api/v1/tenants/shop/httproutes/fresh", """{"spec":{"rules":[{"backendRefs":[{"name":"b"}]}]}}""")).Expect(200).Json;

        Assert.All(changed.GetProperty("status").GetProperty("conditions").EnumerateArray(), condition => Assert.Equal(2, condition.GetProperty("observedGeneration").GetInt64()));
        var programmed = changed.GetProperty("status").GetProperty("conditions").EnumerateArray().Single(condition => condition.GetProperty("type").GetString() == "Programmed");
        Assert.NotEqual("True", programmed.GetProperty("status").GetString());
    }

    [Fact]
    public async Task Put_BrokenReference_SaysSoInItsAnswer()
    {
        var route = (await api.As("shop", "editor").PutAsync(
            "/api/v1/tenants/shop/httproutes/verdict", """{"spec":{"rules":[{"backendRefs":[{"name":"nowhere","kind":"Backend","group":"gatehouse.dev"}]}]}}""")).Expect(201).Json;

        var resolved = route.GetProperty("status").GetProperty("conditions").EnumerateArray().Single(condition => condition.GetProperty("type").GetString() == "ResolvedRefs");
        Assert.Equal(("False", "BackendNotFound"), (resolved.GetProperty("status").GetString(), resolved.GetProperty("reason").GetString()));
    }

    [Fact]
    public async Task Write_MatchThatNeverWins_AnswersWithWarning()
    {
        var editor = api.As("shop", "editor");
        const string Spec = """{"spec":{"hostnames":["warned.example.com"],"rules":[{"matches":[{"path":{"value":"/a"}}]}]}}""";
        (await editor.PutAsync("/api/v1/tenants/shop/hostnames/warned.example.com", """{"spec":{}}""")).Expect(201);
        (await editor.PutAsync("/api/v1/tenants/shop/httproutes/warned-1", Spec)).Expect(201);
        (await editor.PutAsync("/api/v1/tenants/shop/httproutes/warned-2", Spec)).Expect(201);
        // On a busy machine the answer does not wait long enough for the compiler; the next one has it.
        (await editor.GetAsync("/api/v1/tenants/shop/httproutes/warned-2?waitFor=Accepted&timeout=20s")).Expect(200);

        var second = (await editor.PutAsync("/api/v1/tenants/shop/httproutes/warned-2", Spec)).Expect(200);

        Assert.Contains("HTTPRoute `warned-1`", Assert.Single(second.Json.GetProperty("warnings").EnumerateArray()).GetString(), StringComparison.Ordinal);
        Assert.False((await editor.PutAsync("/api/v1/tenants/shop/httproutes/warned-1", Spec)).Expect(200).Json.TryGetProperty("warnings", out _));
        (await editor.PutAsync("/api/v1/tenants/shop/httproutes/warned-2", second.Text)).Expect(200);
    }
}
