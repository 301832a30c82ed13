using System.Net;
using Gatehouse.Testing.Dns;
using Xunit;

namespace Gatehouse.Dns.Tests;

/// <summary>The client against Debian's knotd.</summary>
public sealed class DnsClientTests : IAsyncLifetime
{
    private static readonly Dictionary<string, string> Zones = new()
    {
        ["example.com"] = $"""
            @ A 192.0.2.1
            @ AAAA 2001:db8::1
            @ CAA 0 issue "ca.example"
            @ CAA 128 issuewild ";"
            www CNAME @
            1 CNAME 2
            2 CNAME 3
            3 CNAME www
            loop CNAME pool
            pool CNAME loop
            out CNAME www.example.net.
            away CNAME www.elsewhere.test.
            tree DNAME example.net.
            text 30 TXT "one " "value"
            big TXT "{new string('a', 250)}" "{new string('b', 250)}" "{new string('c', 250)}" "{new string('d', 250)}" "{new string('e', 250)}" "{new string('f', 250)}"
            sub NS ns.elsewhere.test.
            """,
        ["example.net"] = "www 45 A 192.0.2.9",
    };

    private readonly DnsClient _client = new(new DnsClientOptions());
    private KnotServer _knot = null!;
    private DnsServer _server = null!;

    public async Task InitializeAsync()
    {
        _knot = await KnotServer.StartAsync(Zones);
        _server = new DnsServer(_knot.EndPoint.Address, _knot.Port);
    }

    public async Task DisposeAsync() => await _knot.DisposeAsync();

    [Fact]
    public async Task Query_OfEachType_ReadsItsData()
    {
        Assert.Equal([IPAddress.Parse("192.0.2.1")], (await AskAsync("example.com", DnsRecordType.A)).Addresses);
        Assert.Equal([IPAddress.Parse("2001:db8::1")], (await AskAsync("EXAMPLE.com.", DnsRecordType.AAAA)).Addresses);
        Assert.Equal(new NameData("ns.example.com"), Assert.Single((await AskAsync("example.com", DnsRecordType.NS)).Records).Data);
        Assert.Equal(new SoaData("ns.example.com", "hostmaster.example.com", 1, 3600, 600, 86400, 60), Assert.Single((await AskAsync("example.com", DnsRecordType.SOA)).Records).Data);
        Assert.Equal(
            [new CaaData(0, "issue", "ca.example"), new CaaData(128, "issuewild", ";")],
            (await AskAsync("example.com", DnsRecordType.CAA)).Records.Select(record => record.Data).Order(Comparer<DnsData>.Create((a, b) => string.CompareOrdinal(a.Text, b.Text))));
    }

    [Fact]
    public async Task Query_OfText_JoinsItsStrings()
    {
        var answer = await AskAsync("text.example.com", DnsRecordType.TXT);

        Assert.Equal(["one value"], answer.Texts);
        Assert.Equal(30, answer.TimeToLive);
        Assert.Equal(["one ", "value"], ((TextData)answer.Records[0].Data).Strings);
    }

    [Fact]
    public async Task Query_OfMoreThanADatagram_GoesOverTcp()
    {
        var answer = await AskAsync("big.example.com", DnsRecordType.TXT);

        Assert.Equal(DnsOutcome.Answered, answer.Outcome);
        Assert.Equal(1500, Assert.Single(answer.Texts).Length);
    }

    [Fact]
    public async Task Query_OfWhatIsNotThere_SaysHowAndForHowLong()
    {
        var noData = await AskAsync("text.example.com", DnsRecordType.A);
        var missing = await AskAsync("nothing.example.com", DnsRecordType.A);
        var refused = await AskAsync("example.org", DnsRecordType.A);

        Assert.Equal((DnsOutcome.NoData, "example.com", 60L), (noData.Outcome, noData.Zone, noData.TimeToLive));
        Assert.Equal((DnsOutcome.NameMissing, "example.com", 60L), (missing.Outcome, missing.Zone, missing.TimeToLive));
        Assert.Equal(DnsOutcome.Refused, refused.Outcome);
    }

    [Fact]
    public async Task Query_OfAliases_FollowsThem()
    {
        var within = await AskAsync("1.example.com", DnsRecordType.A);
        var across = await AskAsync("out.example.com", DnsRecordType.A);
        var below = await AskAsync("www.tree.example.com", DnsRecordType.A);

        Assert.Equal(["2.example.com", "3.example.com", "www.example.com", "example.com"], within.Through);
        Assert.Equal([IPAddress.Parse("192.0.2.1")], within.Addresses);
        Assert.Equal(["www.example.net"], across.Through);
        Assert.Equal([IPAddress.Parse("192.0.2.9")], across.Addresses);
        Assert.Equal(45, across.TimeToLive);
        Assert.Equal(["www.example.net"], below.Through);
        Assert.Equal([IPAddress.Parse("192.0.2.9")], below.Addresses);
    }

    [Fact]
    public async Task Query_OfAnAlias_DoesNotFollowItself()
    {
        var answer = await AskAsync("1.example.com", DnsRecordType.CNAME);

        Assert.Equal(new NameData("2.example.com"), Assert.Single(answer.Records).Data);
        Assert.Empty(answer.Through);
    }

    [Fact]
    public async Task Query_OfAnAliasThatLeadsAway_KeepsTheWayToIt()
    {
        var answer = await AskAsync("away.example.com", DnsRecordType.A);

        Assert.Equal(DnsOutcome.Refused, answer.Outcome);
        Assert.Equal(["www.elsewhere.test"], answer.Through);
    }

    [Fact]
    public async Task Query_OfACircle_Ends()
    {
        var answer = await AskAsync("loop.example.com", DnsRecordType.A);

        Assert.Equal(DnsOutcome.ChainTooLong, answer.Outcome);
        Assert.True(answer.IsLoop);
        Assert.Equal(["pool.example.com"], answer.Through);
    }

    [Fact]
    public async Task Query_OfAnotherServersZone_IsAReferral()
    {
        var answer = await AskAsync("www.sub.example.com", DnsRecordType.A);

        Assert.Equal(DnsOutcome.ServerFailure, answer.Outcome);
        Assert.True(answer.IsReferral);
    }

    [Fact]
    public async Task Query_OfNoName_IsTheCallersMistake()
    {
        await Assert.ThrowsAsync<ArgumentException>(() => AskAsync("a..b", DnsRecordType.A));
        await Assert.ThrowsAsync<ArgumentException>(() => AskAsync(new string('a', 64) + ".com", DnsRecordType.A));
    }

    private Task<DnsAnswer> AskAsync(string name, DnsRecordType type) => _client.QueryAsync(_server, name, type, CancellationToken.None);
}
