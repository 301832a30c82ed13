using System.Text;
using System.Text.Json;
using Gatehouse.Contracts.Feed;
using Gatehouse.DataPlane.Tests.Harness;
using Gatehouse.Gateway.Matching;
using Xunit;
using static Gatehouse.DataPlane.Tests.Harness.Tables;

namespace Gatehouse.DataPlane.Tests.Feed;

public sealed class CertificateFeedTests : IDisposable
{
    private readonly DirectoryInfo _directory = Directory.CreateTempSubdirectory("gatehouse-dp-");
    private readonly TestCertificate _certificate = TestCertificate.Of("web", "shop.test");

    public void Dispose() => _directory.Delete(recursive: true);

    [Fact]
    public async Task Certificate_WithItsKey_OutlivesARestartAndShowsNowhere()
    {
        var feed = await FeedServer.StartAsync();
        await using (var gateway = await StartAsync(feed.Url))
        {
            feed.Snapshot(5, With(_certificate), secrets: new() { [_certificate.Entry.Key] = _certificate.Key });
            Assert.Empty((await feed.WaitForAsync(ack => ack.AppliedRevision == 5)).Refusals);
            Assert.Equal(_certificate.Key, KeyIn(gateway));
            using var admin = new HttpClient();
            Assert.DoesNotContain("PRIVATE", await admin.GetStringAsync($"http://127.0.0.1:{gateway.AdminPort}/metrics-json"), StringComparison.Ordinal);
        }
        Assert.DoesNotContain(feed.Acknowledgements, ack => JsonSerializer.Serialize(ack).Contains("PRIVATE", StringComparison.Ordinal));
        var url = feed.Url;
        await feed.DisposeAsync();
        foreach (var file in _directory.EnumerateFiles())
        {
            var content = Encoding.Latin1.GetString(await File.ReadAllBytesAsync(file.FullName));
            Assert.DoesNotContain(_certificate.Key.Split('\n')[1], content, StringComparison.Ordinal);
        }
        await using var restarted = await StartAsync(url);
        Assert.Equal(_certificate.Key, KeyIn(restarted));
    }

    [Fact]
    public async Task Certificate_WithoutKey_IsRefusedAloneUntilTheKeyComes()
    {
        await using var feed = await FeedServer.StartAsync();
        await using var gateway = await StartAsync(feed.Url);
        feed.Snapshot(1, With(_certificate));
        var refusal = Assert.Single((await feed.WaitForAsync(ack => ack.AppliedRevision == 1)).Refusals);
        Assert.Equal((FeedEntry.Certificates, _certificate.Entry.Key), (refusal.Table, refusal.Key));
        Assert.Contains("private key", refusal.Reason, StringComparison.Ordinal);

        feed.Resend(1, _certificate.Entry, _certificate.Key);
        await feed.WaitForAsync(ack => ack is { AppliedRevision: 1, Refusals.Count: 0 });
        Assert.Equal(_certificate.Key, KeyIn(gateway));

        // A control plane that cannot read the key any more takes nothing away.
        feed.Resend(1, _certificate.Entry, null);
        var other = TestCertificate.Of("other", "other.test");
        feed.Resend(1, other.Entry, other.Key);
        await feed.WaitForAsync(ack => gateway.Tables.Current.Certificates.Count == 2);
        Assert.Equal(_certificate.Key, KeyIn(gateway));
    }

    [Fact]
    public async Task Connection_ThatLacksAKey_AsksForTheCertificatesAgain()
    {
        var feed = await FeedServer.StartAsync();
        await using var gateway = await StartAsync(feed.Url);
        feed.Snapshot(1, With(_certificate));
        await feed.WaitForAsync(ack => ack.Refusals.Count == 1);
        Assert.DoesNotContain("certificates=", feed.Connections.Single(), StringComparison.Ordinal);
        var port = feed.Url.Port;
        await feed.DisposeAsync();
        await using var back = await FeedServer.StartAsync(port);
        for (var i = 0; i < 500 && back.Connections.IsEmpty; i++)
            await Task.Delay(20);
        Assert.EndsWith("&certificates=all", back.Connections.First(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task SnapshotFile_WithSecrets_SetsThem()
    {
        var file = Path.Combine(_directory.FullName, "table.json");
        var content = JsonSerializer.SerializeToNode(With(_certificate), MatchTableJson.Options)!.AsObject();
        content["secrets"] = new System.Text.Json.Nodes.JsonObject { [_certificate.Entry.Key] = _certificate.Key };
        await File.WriteAllTextAsync(file, content.ToJsonString());
        await using var gateway = await TestGateway.StartAsync(configure: options => options with { SnapshotFile = file });
        Assert.Equal(_certificate.Key, KeyIn(gateway));
    }

    [Fact]
    public void Entry_InWords_DoesNotShowItsKey()
    {
        var entry = new FeedEntry(FeedEntry.Certificates, "shop/web", null) { Secret = _certificate.Key };
        Assert.DoesNotContain("PRIVATE", new FeedFrame { Type = FeedFrame.Data, Entries = [entry] }.ToString() + entry, StringComparison.Ordinal);
        var edit = new Routing.TableEdit(FeedEntry.Certificates, "shop/web", null) { Secret = _certificate.Secret };
        Assert.DoesNotContain("PRIVATE", edit.ToString(), StringComparison.Ordinal);
    }

    private string? KeyIn(TestGateway gateway) =>
        gateway.Tables.Current.Certificates.TryGetValue(_certificate.Entry.Key, out var state) ? state.PrivateKey.Reveal() : null;

    private static MatchTable With(TestCertificate certificate) =>
        Table([]) with { Certificates = new Dictionary<string, CertificateEntry> { [certificate.Entry.Key] = certificate.Entry } };

    private Task<TestGateway> StartAsync(Uri feed) =>
        TestGateway.StartAsync(configure: options => options with { Feed = feed, DataDir = _directory.FullName, Replica = "r1" });
}
