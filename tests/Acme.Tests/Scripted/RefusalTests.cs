using Microsoft.AspNetCore.Http;
using Xunit;
using static Gatehouse.Acme.Tests.Scripted.ScriptedAuthority;

namespace Gatehouse.Acme.Tests.Scripted;

/// <summary>What authorities refuse, and how they say so.</summary>
public sealed class RefusalTests
{
    private static readonly string[] Names = ["a.example.com"];

    [Theory]
    [InlineData("7200", 7200)]
    [InlineData("0", 0)]
    [InlineData("999999999", 8 * 86400)]
    [InlineData("date", 3600)]
    [InlineData("soon", null)]
    [InlineData(null, null)]
    public async Task RateLimit_WithRetryAfter_SaysUntilWhen(string? header, int? seconds)
    {
        await using var authority = await WithAccountAsync();
        authority["/order"] = context =>
        {
            if (header is not null)
                context.Response.Headers.RetryAfter = header == "date" ? DateTimeOffset.UtcNow.AddHours(1).ToString("R") : header;
            return ProblemAsync(context, 429, "rateLimited");
        };

        var failure = await Assert.ThrowsAsync<AcmeException>(() => authority.Client.NewOrderAsync(Names));

        Assert.Equal((AcmeErrorKind.RateLimited, false, (int?)429), (failure.Kind, failure.IsPermanent, failure.HttpStatus));
        if (seconds is null)
            Assert.Null(failure.RetryAfter);
        else
            Assert.Equal(seconds.Value, (failure.RetryAfter!.Value - DateTimeOffset.UtcNow).TotalSeconds, 5.0);
    }

    [Theory]
    [InlineData(400, "malformed", AcmeErrorKind.Malformed, true)]
    [InlineData(400, "badCSR", AcmeErrorKind.BadCsr, true)]
    [InlineData(400, "rejectedIdentifier", AcmeErrorKind.Rejected, true)]
    [InlineData(400, "unsupportedIdentifier", AcmeErrorKind.Rejected, true)]
    [InlineData(400, "unsupportedContact", AcmeErrorKind.InvalidContact, true)]
    [InlineData(403, "userActionRequired", AcmeErrorKind.UserActionRequired, true)]
    [InlineData(403, "unauthorized", AcmeErrorKind.Unauthorized, false)]
    [InlineData(401, "unauthorized", AcmeErrorKind.AccountClosed, true)]
    [InlineData(400, "accountDoesNotExist", AcmeErrorKind.AccountGone, false)]
    [InlineData(403, "caa", AcmeErrorKind.Caa, false)]
    [InlineData(400, "dns", AcmeErrorKind.Dns, false)]
    [InlineData(400, "tls", AcmeErrorKind.Tls, false)]
    [InlineData(503, "rateLimited", AcmeErrorKind.RateLimited, false)]
    [InlineData(500, "serverInternal", AcmeErrorKind.ServerError, false)]
    [InlineData(500, "malformed", AcmeErrorKind.ServerError, false)]
    [InlineData(501, "rejectedIdentifier", AcmeErrorKind.Unsupported, true)]
    [InlineData(404, "malformed", AcmeErrorKind.NotFound, false)]
    [InlineData(400, "somethingNew", AcmeErrorKind.Other, false)]
    public async Task Problem_OfType_MeansAKind(int status, string type, AcmeErrorKind kind, bool permanent)
    {
        await using var authority = await WithAccountAsync();
        authority["/account/1"] = context => JsonAsync(context, """{"status":"valid"}""");
        authority["/order"] = context => ProblemAsync(context, status, type);

        var failure = await Assert.ThrowsAsync<AcmeException>(() => authority.Client.NewOrderAsync(Names));

        Assert.Equal((kind, permanent, (int?)status), (failure.Kind, failure.IsPermanent, failure.HttpStatus));
        Assert.Equal("urn:ietf:params:acme:error:" + type, failure.Type);
        Assert.Equal("Why it is so", failure.Detail);
        Assert.DoesNotContain("Why it is so", failure.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(502, AcmeErrorKind.ServerError)]
    [InlineData(403, AcmeErrorKind.InvalidAnswer)]
    [InlineData(408, AcmeErrorKind.Unreachable)]
    [InlineData(410, AcmeErrorKind.NotFound)]
    [InlineData(429, AcmeErrorKind.RateLimited)]
    public async Task Refusal_WithoutProblem_MeansWhatItsStatusDoes(int status, AcmeErrorKind kind)
    {
        await using var authority = await WithAccountAsync();
        authority["/order"] = context =>
        {
            context.Response.StatusCode = status;
            return context.Response.WriteAsync("<html>A proxy's page</html>");
        };

        var failure = await Assert.ThrowsAsync<AcmeException>(() => authority.Client.NewOrderAsync(Names));

        Assert.Equal((kind, false, (string?)null), (failure.Kind, failure.IsPermanent, failure.Type));
    }

    [Fact]
    public async Task Problem_WithSubproblems_NamesEachName()
    {
        await using var authority = await WithAccountAsync();
        authority["/order"] = context => ProblemAsync(context, 403, "compound", """
            ,"instance":"https://example.com/help","subproblems":[
              {"type":"urn:ietf:params:acme:error:caa","detail":"one\r\ntwo","identifier":{"type":"dns","value":"a.example.com"}},
              {"type":"urn:ietf:params:acme:error:dns","identifier":null}, 5, {"type":"<script>"}]
            """);

        var failure = await Assert.ThrowsAsync<AcmeException>(() => authority.Client.NewOrderAsync(Names));

        Assert.Equal(AcmeErrorKind.Caa, failure.Kind);
        Assert.Equal(new Uri("https://example.com/help"), failure.Problem!.Instance);
        Assert.Equal(
            [
                new AcmeSubproblem("a.example.com", "urn:ietf:params:acme:error:caa", "one  two"),
                new AcmeSubproblem(null, "urn:ietf:params:acme:error:dns", null),
                new AcmeSubproblem(null, "about:blank", null),
            ],
            failure.Subproblems);
    }

    [Fact]
    public async Task Nonce_RefusedForEver_IsGivenUp()
    {
        await using var authority = await WithAccountAsync();
        authority["/order"] = context => ProblemAsync(context, 400, "badNonce");
        using var patience = new CancellationTokenSource(TimeSpan.FromSeconds(60));

        var failure = await Assert.ThrowsAsync<AcmeException>(() => authority.Client.NewOrderAsync(Names, null, patience.Token));

        Assert.Equal((AcmeErrorKind.BadNonce, false), (failure.Kind, failure.IsPermanent));
        Assert.Equal(129, authority.Paths.Count(path => path == "/order"));
        // Each attempt takes the nonce that the refusal brought.
        Assert.DoesNotContain("/nonce", authority.Paths);
    }

    [Fact]
    public async Task Key_ThatIsRefused_IsNotGoneOnWith()
    {
        await using var authority = await WithAccountAsync();
        authority["/key"] = context => ProblemAsync(context, 409, "malformed");
        var before = authority.Client.Key;
        using var next = AcmeKey.Generate();

        var failure = await Assert.ThrowsAsync<AcmeException>(() => authority.Client.ChangeKeyAsync(next));

        Assert.True(failure.IsPermanent);
        Assert.Same(before, authority.Client.Key);
    }

    [Fact]
    public async Task Request_AsSent_IsSignedForItsAddressByTheAccount()
    {
        await using var authority = await WithAccountAsync();

        await authority.Client.NewOrderAsync(["a.example.com", "*.a.example.com"], "replaced.id");

        var header = authority.Signed("/order", "protected");
        Assert.Equal("ES256", header["alg"]!.GetValue<string>());
        Assert.Equal(authority.Url("/account/1").AbsoluteUri, header["kid"]!.GetValue<string>());
        Assert.Equal(authority.Url("/order").AbsoluteUri, header["url"]!.GetValue<string>());
        Assert.StartsWith("nonce-", header["nonce"]!.GetValue<string>(), StringComparison.Ordinal);
        Assert.Null(header["jwk"]);
        Assert.Equal(
            """{"identifiers":[{"type":"dns","value":"a.example.com"},{"type":"dns","value":"*.a.example.com"}],"replaces":"replaced.id"}""",
            authority.Signed("/order", "payload").ToJsonString());
        Assert.Equal(["Gatehouse/0.1.0"], authority.Agents);
    }
}
