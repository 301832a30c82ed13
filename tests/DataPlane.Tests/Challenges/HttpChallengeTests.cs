using System.Net;
using System.Text.Json;
using Gatehouse.Contracts.Feed;
using Gatehouse.DataPlane.Routing;
using Gatehouse.DataPlane.Tests.Harness;
using Gatehouse.Gateway.Matching;
using Xunit;
using static Gatehouse.DataPlane.Tests.Harness.Tables;

namespace Gatehouse.DataPlane.Tests.Challenges;

public sealed class HttpChallengeTests : IDisposable
{
    private const string Path = "/.well-known/acme-challenge/";

    private static readonly ChallengeEntry Challenge = Of("evaGxfADs6pSRb2LAv9IZf17Dt3juxGJ-PCt92wr-oA", "shop.test");

    private readonly DirectoryInfo _directory = Directory.CreateTempSubdirectory("gatehouse-dp-");

    public void Dispose() => _directory.Delete(recursive: true);

    [Fact]
    public async Task Request_ForAChallenge_IsAnsweredBeforeAnyRoute()
    {
        await using var backend = await TestBackend.StartAsync();
        await using var gateway = await WithRedirectAsync(backend);
        var (status, headers, body) = await gateway.GetAsync("shop.test", Path + Challenge.Key);
        Assert.Equal((HttpStatusCode.OK, Challenge.KeyAuthorization), (status, body));
        Assert.Equal("no-store", headers.CacheControl!.ToString());
        Assert.Equal(Challenge.KeyAuthorization, (await gateway.GetAsync("SHOP.test.:80", Path + Challenge.Key + "?x=1")).Body);
        var head = await gateway.RawAsync($"HEAD {Path}{Challenge.Key} HTTP/1.1\r\nHost: shop.test\r\nConnection: close\r\n\r\n");
        Assert.StartsWith("HTTP/1.1 200", head, StringComparison.Ordinal);
        Assert.Contains($"Content-Length: {Challenge.KeyAuthorization.Length}\r\n", head, StringComparison.Ordinal);
        Assert.EndsWith("\r\n\r\n<closed>", head, StringComparison.Ordinal);
        Assert.Equal(0, backend.Requests);
    }

    [Theory]
    [InlineData("shop.test", "evaGxfADs6pSRb2LAv9IZf17Dt3juxGJ-PCt92wr-o", "GET")]
    [InlineData("shop.test", "evaGxfADs6pSRb2LAv9IZf17Dt3juxGJ-PCt92wr-oA/", "GET")]
    [InlineData("shop.test", "EVAGxfADs6pSRb2LAv9IZf17Dt3juxGJ-PCt92wr-oA", "GET")]
    [InlineData("shop.test", "", "GET")]
    [InlineData("www.shop.test", "evaGxfADs6pSRb2LAv9IZf17Dt3juxGJ-PCt92wr-oA", "GET")]
    [InlineData("shop.test", "evaGxfADs6pSRb2LAv9IZf17Dt3juxGJ-PCt92wr-oA", "POST")]
    [InlineData("shop.test", "tls-token", "GET")]
    public async Task Request_ThatIsNotExactlyForAChallenge_GoesOnToTheRoutes(string host, string token, string method)
    {
        await using var backend = await TestBackend.StartAsync();
        await using var gateway = await WithRedirectAsync(backend);
        Assert.Equal(HttpStatusCode.Found, (await gateway.GetAsync(host, Path + token, new HttpMethod(method))).Status);
    }

    [Fact]
    public async Task Challenge_Removed_IsAnsweredNoMore()
    {
        await using var backend = await TestBackend.StartAsync();
        await using var gateway = await WithRedirectAsync(backend);
        Assert.Empty(gateway.Tables.Apply([new TableEdit(FeedEntry.Challenges, Challenge.Key, null)]));
        Assert.Equal(HttpStatusCode.Found, (await gateway.GetAsync("shop.test", Path + Challenge.Key)).Status);
    }

    [Fact]
    public async Task Challenge_ThatIsBroken_IsRefusedAlone()
    {
        await using var gateway = await TestGateway.StartAsync(Table([]));
        ChallengeEntry[] broken =
        [
            Of("sla/sh", "shop.test"), Of("", "shop.test"), Of(new string('a', 300), "shop.test"), Of("a", "*.shop.test"), Of("b", "Shop.test"), Of("c", ""),
            Of("d", "shop.test") with { KeyAuthorization = "other.thumb" }, Of("e", "shop.test") with { KeyAuthorization = "e.th\r\numb" },
            Of("f", "shop.test") with { Type = "dns-01" },
        ];
        var refusals = gateway.Tables.Apply([.. broken.Append(Challenge).Select(entry => new TableEdit(FeedEntry.Challenges, entry.Key, entry))]);
        Assert.Equal(broken.Select(entry => entry.Key), refusals.Select(refusal => refusal.Key));
        Assert.Equal(Challenge.KeyAuthorization, (await gateway.GetAsync("shop.test", Path + Challenge.Key)).Body);
    }

    [Fact]
    public async Task Challenge_FromTheFeed_OutlivesARestart()
    {
        var feed = await FeedServer.StartAsync();
        await using (var gateway = await StartAsync(feed.Url))
        {
            feed.Snapshot(3, Table([]));
            feed.Delta(3, 4, (FeedEntry.Challenges, Challenge.Key, Challenge));
            Assert.Empty((await feed.WaitForAsync(ack => ack.AppliedRevision == 4)).Refusals);
            Assert.Equal(Challenge.KeyAuthorization, (await gateway.GetAsync("shop.test", Path + Challenge.Key)).Body);
        }
        var url = feed.Url;
        await feed.DisposeAsync();
        await using var restarted = await StartAsync(url);
        Assert.Equal(Challenge.KeyAuthorization, (await restarted.GetAsync("shop.test", Path + Challenge.Key)).Body);
    }

    [Fact]
    public async Task Answer_IsCountedAndLoggedAsAChallenge()
    {
        var file = System.IO.Path.Combine(_directory.FullName, "access.log");
        await using (var gateway = await TestGateway.StartAsync(Table([]) with { Challenges = new Dictionary<string, ChallengeEntry> { [Challenge.Key] = Challenge } }, options => options with { AccessLog = file }))
        {
            await gateway.GetAsync("shop.test", Path + Challenge.Key);
            using var client = new HttpClient();
            using var dump = JsonDocument.Parse(await client.GetStringAsync($"http://127.0.0.1:{gateway.AdminPort}/metrics-json"));
            var series = dump.RootElement.GetProperty("requests").EnumerateArray().Single(one => one.GetProperty("rule").GetString() == "(challenge)");
            Assert.Equal(1, series.GetProperty("statuses").GetProperty("2xx").GetInt64());
        }
        using var line = JsonDocument.Parse(Assert.Single(await File.ReadAllLinesAsync(file)));
        Assert.Equal("http-01", line.RootElement.GetProperty("challenge").GetString());
        Assert.Equal(200, line.RootElement.GetProperty("status").GetInt32());
    }

    // Everything of this host is redirected, as tenants do that want HTTPS alone.
    private static Task<TestGateway> WithRedirectAsync(TestBackend backend)
    {
        var rule = Rule([To("v1")], new RedirectAction { StatusCode = 302, Scheme = "https" });
        var tls = Of("tls-token", "shop.test") with { Type = ChallengeEntry.TlsAlpn01 };
        return TestGateway.StartAsync(Table([Backend("v1", backend.Port)], Host("*", rule)) with
        {
            Challenges = new Dictionary<string, ChallengeEntry> { [Challenge.Key] = Challenge, [tls.Key] = tls },
        });
    }

    private Task<TestGateway> StartAsync(Uri feed) =>
        TestGateway.StartAsync(configure: options => options with { Feed = feed, DataDir = _directory.FullName, Replica = "r1" });

    private static ChallengeEntry Of(string token, string hostname) => new()
    {
        Key = token, Hostname = hostname, Type = ChallengeEntry.Http01, KeyAuthorization = token + ".9jg46WB3rR_AHD-EBXdN7cBkH1WOu0tA3M9fm21mqTI",
    };
}
