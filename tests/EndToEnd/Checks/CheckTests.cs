using Gatehouse.EndToEnd.Instances;
using Xunit;

namespace Gatehouse.EndToEnd.Checks;

/// <summary>`./gatehouse check` as CI runs it.</summary>
[Collection(SharedInstanceTests.Name)]
public sealed class CheckTests(SharedInstance shared)
{
    [Fact]
    public async Task Check_OfATenant_SaysByItsExitCodeAndLinesWhatIsWrong()
    {
        await Objects.ServeAsync(shared.Api, "checked", "checked.example.com", shared.V1);
        var token = (string)(await shared.Api.PostAsync("tenants/checked/tokens", """{"name":"ci","role":"viewer"}""")).Json["token"]!;

        var good = await CheckAsync(token, "--tenant", "checked", "--wait", "20s");
        Assert.True(good.ExitCode == 0, good.Output + good.Errors);
        Assert.Contains("0 bad", good.Output, StringComparison.Ordinal);

        await shared.Api.PutAsync("tenants/checked/httproutes/broken", Objects.Route("broken.checked.example.com", Objects.Ref("missing")));
        var bad = await CheckAsync(token);
        Assert.Equal(1, bad.ExitCode);
        Assert.Contains("HTTPRoute checked/broken: ResolvedRefs=False (BackendNotFound): ", bad.Output, StringComparison.Ordinal);
        Assert.DoesNotContain("checked/web:", bad.Output, StringComparison.Ordinal);

        Assert.Equal(2, (await CheckAsync(token, "--tenant", "platform")).ExitCode);
        Assert.Equal(2, (await CheckAsync("gh_no_such_token_at_all")).ExitCode);
        Assert.Equal(2, (await CheckAsync(token, "--wait", "soon")).ExitCode);
        Assert.Equal(2, (await CheckAsync(token, "--cluster", "nowhere")).ExitCode);
    }

    [Fact]
    public async Task Check_WhereNobodyListens_SaysThatItCannotTell()
    {
        var check = await StandaloneRun.CompleteAsync(["check", "--url", "http://127.0.0.1:9", "--token", "gh_some_token_or_other"]);

        Assert.Equal(2, check.ExitCode);
        Assert.Contains("no instance answers", check.Errors, StringComparison.Ordinal);
    }

    private Task<(int ExitCode, string Output, string Errors)> CheckAsync(string token, params string[] options) =>
        StandaloneRun.CompleteAsync(["check", "--url", $"http://127.0.0.1:{shared.Instance.ApiPort}", "--token", token, .. options]);
}
