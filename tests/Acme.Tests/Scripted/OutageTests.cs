using Gatehouse.Testing.Certificates;
using Microsoft.AspNetCore.Http;
using Xunit;
using static Gatehouse.Acme.Tests.Scripted.ScriptedAuthority;

namespace Gatehouse.Acme.Tests.Scripted;

/// <summary>Authorities that fail, hang, or answer what is no ACME.</summary>
public sealed class OutageTests
{
    private static readonly string[] Names = ["a.example.com"];

    [Fact]
    public async Task Authority_ThatNeverAnswers_IsGivenUp()
    {
        await using var authority = await StartAsync();
        authority["/dir"] = context => Task.Delay(Timeout.Infinite, context.RequestAborted);
        var client = authority.CreateClient(TimeSpan.FromMilliseconds(300));

        var failure = await Assert.ThrowsAsync<AcmeException>(() => client.GetDirectoryAsync().WaitAsync(TimeSpan.FromSeconds(10)));

        Assert.Equal((AcmeErrorKind.Unreachable, false, true), (failure.Kind, failure.IsPermanent, failure.IsOutage));
    }

    [Fact]
    public async Task Authority_ThatStopsWithinItsAnswer_IsGivenUp()
    {
        await using var authority = await StartAsync();
        authority["/dir"] = async context =>
        {
            await context.Response.WriteAsync("{");
            await context.Response.Body.FlushAsync();
            await Task.Delay(Timeout.Infinite, context.RequestAborted);
        };
        var client = authority.CreateClient(TimeSpan.FromMilliseconds(300));

        Assert.Equal(AcmeErrorKind.Unreachable, (await Assert.ThrowsAsync<AcmeException>(() => client.GetDirectoryAsync().WaitAsync(TimeSpan.FromSeconds(10)))).Kind);
    }

    [Fact]
    public async Task Caller_WhoGivesUp_GetsACancellation()
    {
        await using var authority = await StartAsync();
        authority["/dir"] = context => Task.Delay(Timeout.Infinite, context.RequestAborted);
        using var impatience = new CancellationTokenSource(TimeSpan.FromMilliseconds(200));

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => authority.Client.GetDirectoryAsync(impatience.Token));
    }

    [Theory]
    [InlineData("<html>Welcome to the hotel</html>")]
    [InlineData("[]")]
    [InlineData("{}")]
    [InlineData("")]
    [InlineData("""{"newNonce":1,"newAccount":"http://127.0.0.1/","newOrder":"http://127.0.0.1/"}""")]
    [InlineData("""{"newNonce":"http://127.0.0.1/","newAccount":"http://127.0.0.1/","newOrder":"http://127.0.0.1/","newOrder":"http://127.0.0.1/"}""")]
    [InlineData("""{"newNonce":"\ud800","newAccount":"http://127.0.0.1/","newOrder":"http://127.0.0.1/"}""")]
    public async Task Directory_ThatIsGarbage_IsAnInvalidAnswer(string garbage)
    {
        await using var authority = await StartAsync();
        authority["/dir"] = context => JsonAsync(context, garbage);

        var failure = await Assert.ThrowsAsync<AcmeException>(() => authority.Client.GetDirectoryAsync());

        Assert.Equal((AcmeErrorKind.InvalidAnswer, false), (failure.Kind, failure.IsPermanent));
        Assert.DoesNotContain("hotel", failure.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Answer_WithoutEnd_IsCutOff()
    {
        await using var authority = await StartAsync();
        var hungUp = new TaskCompletionSource();
        authority["/dir"] = async context =>
        {
            context.RequestAborted.Register(hungUp.SetResult);
            var block = new byte[16 * 1024];
            while (!context.RequestAborted.IsCancellationRequested)
                await context.Response.Body.WriteAsync(block, context.RequestAborted);
        };

        var failure = await Assert.ThrowsAsync<AcmeException>(() => authority.Client.GetDirectoryAsync());

        Assert.Equal(AcmeErrorKind.InvalidAnswer, failure.Kind);
        await hungUp.Task.WaitAsync(TimeSpan.FromSeconds(5));
    }

    [Fact]
    public async Task Chain_TooLong_IsCutOff()
    {
        await using var authority = await WithAccountAsync();
        authority["/certificate/1"] = context => context.Response.WriteAsync(new string('x', 1024 * 1024 + 1));

        var failure = await Assert.ThrowsAsync<AcmeException>(() => authority.Client.DownloadAsync(authority.Url("/certificate/1")));

        Assert.Equal(AcmeErrorKind.InvalidAnswer, failure.Kind);
        Assert.Contains("1024 KiB", failure.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("")]
    [InlineData("-----BEGIN PRIVATE KEY-----\nAAAA\n-----END PRIVATE KEY-----\n")]
    [InlineData("-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n")]
    public async Task Chain_ThatIsNone_IsAnInvalidAnswer(string body)
    {
        await using var authority = await WithAccountAsync();
        authority["/certificate/1"] = context => context.Response.WriteAsync(body);

        var failure = await Assert.ThrowsAsync<AcmeException>(() => authority.Client.DownloadAsync(authority.Url("/certificate/1")));

        Assert.Equal(AcmeErrorKind.InvalidAnswer, failure.Kind);
    }

    [Fact]
    public async Task Chain_UnderAnotherLabel_IsAnInvalidAnswer()
    {
        await using var authority = await WithAccountAsync();
        var pem = TestKeyPair.Ec("a.example.com").Certificate;
        authority["/certificate/1"] = context => context.Response.WriteAsync(pem);
        authority["/certificate/2"] = context => context.Response.WriteAsync(pem.Replace("CERTIFICATE", "PRIVATE KEY", StringComparison.Ordinal));
        authority["/certificate/3"] = context => context.Response.WriteAsync(string.Concat(Enumerable.Repeat(pem, 17)));

        Assert.Equal(pem, (await authority.Client.DownloadAsync(authority.Url("/certificate/1"))).Pem);
        foreach (var path in new[] { "/certificate/2", "/certificate/3" })
            Assert.Equal(AcmeErrorKind.InvalidAnswer, (await Assert.ThrowsAsync<AcmeException>(() => authority.Client.DownloadAsync(authority.Url(path)))).Kind);
    }

    [Fact]
    public async Task Redirect_OfSignedRequest_IsNotFollowed()
    {
        await using var authority = await WithAccountAsync();
        authority["/order"] = context =>
        {
            context.Response.StatusCode = 307;
            context.Response.Headers.Location = "/elsewhere";
            return Task.CompletedTask;
        };
        using var follower = new HttpClient();
        var following = new AcmeClient(follower, authority.Url("/dir"), authority.Client.Key, authority.Client.Account);

        var failure = await Assert.ThrowsAsync<AcmeException>(() => authority.Client.NewOrderAsync(Names));
        Assert.DoesNotContain("/elsewhere", authority.Paths);
        var followed = await Assert.ThrowsAsync<AcmeException>(() => following.NewOrderAsync(Names));

        Assert.Equal(AcmeErrorKind.InvalidAnswer, failure.Kind);
        Assert.Equal(AcmeErrorKind.InvalidAnswer, followed.Kind);
    }

    [Theory]
    [InlineData("http://192.0.2.1/order")]
    [InlineData("ftp://127.0.0.1/order")]
    [InlineData("/order")]
    [InlineData("https://user:password@127.0.0.1/order")]
    public async Task Directory_ThatSendsElsewhere_IsNotBelieved(string url)
    {
        await using var authority = await StartAsync();
        authority["/dir"] = context => JsonAsync(context, authority.DirectoryJson(("newOrder", url)));

        Assert.Equal(AcmeErrorKind.InvalidAnswer, (await Assert.ThrowsAsync<AcmeException>(() => authority.Client.GetDirectoryAsync())).Kind);
    }

    [Theory]
    [InlineData("http://ca.example.com/dir")]
    [InlineData("http://192.0.2.1/dir")]
    [InlineData("file:///etc/passwd")]
    public void Client_OfDirectoryWithoutTls_IsNotMade(string directory)
    {
        using var http = new HttpClient();
        using var key = AcmeKey.Generate();

        Assert.Throws<ArgumentException>(() => new AcmeClient(http, new Uri(directory), key));
    }

    [Fact]
    public async Task Endpoint_ThatMoved_IsFoundAgain()
    {
        await using var authority = await WithAccountAsync();
        authority["/order"] = context => Respond(context, 404);
        authority["/dir"] = context => JsonAsync(context, authority.DirectoryJson(("newOrder", authority.Url("/moved").AbsoluteUri)));
        authority["/moved"] = context =>
        {
            context.Response.Headers.Location = authority.Url("/order/1").AbsoluteUri;
            return JsonAsync(context, authority.OrderJson("pending"));
        };

        var order = await authority.Client.NewOrderAsync(Names);

        Assert.Equal(authority.Url("/order/1"), order.Url);
        Assert.Equal(2, authority.Paths.Count(path => path == "/dir"));
    }

    [Fact]
    public async Task Endpoint_ThatIsGone_IsAskedForOnce()
    {
        await using var authority = await WithAccountAsync();
        authority["/order"] = context => Respond(context, 404);

        var failure = await Assert.ThrowsAsync<AcmeException>(() => authority.Client.NewOrderAsync(Names));

        Assert.Equal(AcmeErrorKind.NotFound, failure.Kind);
        Assert.Single(authority.Paths, path => path == "/order");
    }

    [Fact]
    public async Task Endpoint_ThatDirectoryLacks_IsUnsupported()
    {
        await using var authority = await StartAsync();
        authority["/dir"] = context => JsonAsync(context, authority.DirectoryJson(("keyChange", null), ("renewalInfo", null)));
        await authority.Client.EnsureAccountAsync([], null);
        using var next = AcmeKey.Generate();

        var failure = await Assert.ThrowsAsync<AcmeException>(() => authority.Client.ChangeKeyAsync(next));
        await authority.Client.NewOrderAsync(Names, "some.certificate");

        Assert.Equal((AcmeErrorKind.Unsupported, true), (failure.Kind, failure.IsPermanent));
        Assert.Null(authority.Signed("/order", "payload")["replaces"]);
    }

    private static Task Respond(HttpContext context, int status)
    {
        context.Response.StatusCode = status;
        return Task.CompletedTask;
    }
}
