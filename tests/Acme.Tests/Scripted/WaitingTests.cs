using System.Diagnostics;
using Xunit;
using static Gatehouse.Acme.Tests.Scripted.ScriptedAuthority;

namespace Gatehouse.Acme.Tests.Scripted;

/// <summary>Orders and authorizations that take their time.</summary>
public sealed class WaitingTests
{
    private static readonly AcmeOrderStatus[] Valid = [AcmeOrderStatus.Valid];

    [Fact]
    public async Task Order_ThatStaysProcessing_TimesOut()
    {
        await using var authority = await WithAccountAsync();
        authority["/order/1"] = context => JsonAsync(context, authority.OrderJson("processing"));
        var watch = Stopwatch.StartNew();

        var failure = await Assert.ThrowsAsync<AcmeException>(
            () => authority.Client.WaitForOrderAsync(authority.Url("/order/1"), Valid, TimeSpan.FromSeconds(2)));

        Assert.Equal((AcmeErrorKind.TimedOut, false), (failure.Kind, failure.IsPermanent));
        Assert.InRange(watch.Elapsed, TimeSpan.FromSeconds(0.5), TimeSpan.FromSeconds(5));
        Assert.InRange(authority.Paths.Count(path => path == "/order/1"), 2, 8);
    }

    [Fact]
    public async Task Order_ThatWantsToBeLeftAlone_IsGivenBackAtOnce()
    {
        await using var authority = await WithAccountAsync();
        authority["/order/1"] = context =>
        {
            context.Response.Headers.RetryAfter = "3600";
            return JsonAsync(context, authority.OrderJson("processing"));
        };

        var failure = await Assert.ThrowsAsync<AcmeException>(
            () => authority.Client.WaitForOrderAsync(authority.Url("/order/1"), Valid, TimeSpan.FromSeconds(60)));

        Assert.Equal(AcmeErrorKind.TimedOut, failure.Kind);
        Assert.Equal(3600, (failure.RetryAfter!.Value - DateTimeOffset.UtcNow).TotalSeconds, 5.0);
        Assert.Single(authority.Paths, path => path == "/order/1");
    }

    [Fact]
    public async Task Order_WhileAuthorityFails_IsWaitedForAsRetryAfterSays()
    {
        await using var authority = await WithAccountAsync();
        var asked = 0;
        authority["/order/1"] = context =>
        {
            if (Interlocked.Increment(ref asked) > 2)
                return JsonAsync(context, authority.OrderJson("valid"));
            context.Response.Headers.RetryAfter = "1";
            return ProblemAsync(context, 503, "serverInternal");
        };
        var watch = Stopwatch.StartNew();

        var order = await authority.Client.WaitForOrderAsync(authority.Url("/order/1"), Valid, TimeSpan.FromSeconds(30));

        Assert.Equal((AcmeOrderStatus.Valid, authority.Url("/certificate/1")), (order.Status, order.Certificate));
        Assert.InRange(watch.Elapsed, TimeSpan.FromSeconds(1.9), TimeSpan.FromSeconds(10));
    }

    [Fact]
    public async Task Order_ThatBecameInvalid_SaysWhy()
    {
        await using var authority = await WithAccountAsync();
        authority["/order/1"] = context => JsonAsync(context, authority.OrderJson("invalid", """{"type":"urn:ietf:params:acme:error:caa","detail":"CAA says no"}"""));

        var failure = await Assert.ThrowsAsync<AcmeException>(
            () => authority.Client.WaitForOrderAsync(authority.Url("/order/1"), Valid, TimeSpan.FromSeconds(5)));

        Assert.Equal((AcmeErrorKind.Caa, "CAA says no"), (failure.Kind, failure.Detail));
    }

    [Fact]
    public async Task Order_ThatAuthorityForgot_IsNotFoundAtOnce()
    {
        await using var authority = await WithAccountAsync();

        var failure = await Assert.ThrowsAsync<AcmeException>(
            () => authority.Client.WaitForOrderAsync(authority.Url("/order/9"), Valid, TimeSpan.FromSeconds(60)));

        Assert.Equal(AcmeErrorKind.NotFound, failure.Kind);
    }

    [Fact]
    public async Task Order_WhoseAddressIsCalledMalformed_IsNotFound()
    {
        await using var authority = await WithAccountAsync();
        authority["/order/9"] = context => ProblemAsync(context, 400, "malformed");

        var failure = await Assert.ThrowsAsync<AcmeException>(() => authority.Client.GetOrderAsync(authority.Url("/order/9")));

        Assert.Equal((AcmeErrorKind.NotFound, false, "Why it is so"), (failure.Kind, failure.IsPermanent, failure.Detail));
    }

    [Theory]
    [InlineData("expired")]
    [InlineData("revoked")]
    [InlineData("deactivated")]
    public async Task Authorization_ThatEnded_IsEnded(string status)
    {
        await using var authority = await WithAccountAsync();
        authority["/authz/1"] = context => JsonAsync(context, AuthorizationJson(authority, status));

        var failure = await Assert.ThrowsAsync<AcmeException>(
            () => authority.Client.WaitForAuthorizationAsync(authority.Url("/authz/1"), TimeSpan.FromSeconds(60)));

        Assert.Equal((AcmeErrorKind.Ended, false), (failure.Kind, failure.IsPermanent));
    }

    [Fact]
    public async Task Challenges_WithTokensThatAreNone_AreLeftOut()
    {
        await using var authority = await WithAccountAsync();
        authority["/authz/1"] = context => JsonAsync(context, AuthorizationJson(authority, "pending"));

        var authorization = await authority.Client.GetAuthorizationAsync(authority.Url("/authz/1"));

        Assert.Equal("http-01", Assert.Single(authorization.Challenges).Type);
    }

    [Fact]
    public async Task Status_ThatIsUnknown_IsAnInvalidAnswer()
    {
        await using var authority = await WithAccountAsync();
        authority["/order/1"] = context => JsonAsync(context, authority.OrderJson("thinking"));

        Assert.Equal(AcmeErrorKind.InvalidAnswer, (await Assert.ThrowsAsync<AcmeException>(() => authority.Client.GetOrderAsync(authority.Url("/order/1")))).Kind);
    }

    private static string AuthorizationJson(ScriptedAuthority authority, string status) => $$"""
        {"status":"{{status}}","identifier":{"type":"dns","value":"A.example.com"},"challenges":[
          {"type":"http-01","status":"pending","url":"{{authority.Url("/challenge/1")}}","token":"0123456789012345678901-_"},
          {"type":"dns-01","status":"pending","url":"{{authority.Url("/challenge/2")}}","token":"../../../../../etc/passwd"},
          {"type":"tls-alpn-01","status":"pending","url":"{{authority.Url("/challenge/3")}}","token":"short"},
          {"type":"other-01","status":"pending","url":"{{authority.Url("/challenge/4")}}"}]}
        """;
}
