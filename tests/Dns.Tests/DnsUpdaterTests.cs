using Gatehouse.Dns.Updates;
using Gatehouse.Testing.Dns;
using Gatehouse.Testing.Net;
using Xunit;

namespace Gatehouse.Dns.Tests;

/// <summary>Updates of a zone that knotd holds.</summary>
public sealed class DnsUpdaterTests : IAsyncLifetime
{
    private const string Key = "update.key:hmac-sha256:c2VjcmV0LW9mLXRoaXJ0eS10d28tYnl0ZXMtZXhhY3Q=";

    private static readonly DnsName Name = DnsName.Parse("_acme-challenge.shop.acme.test");
    private static readonly TimeSpan Minute = TimeSpan.FromMinutes(1);

    private KnotServer _knot = null!;

    public async Task InitializeAsync() => _knot = await KnotServer.StartAsync(new Dictionary<string, string> { ["acme.test"] = "" }, Key);

    public async Task DisposeAsync() => await _knot.DisposeAsync();

    [Fact]
    public async Task Update_OfOneName_AddsRemovesAndReplaces()
    {
        var updater = UpdaterOf(Key);

        AssertApplied(await updater.AddTextAsync(Name, "one", Minute, default));
        AssertApplied(await updater.AddTextAsync(Name, "two", Minute, default));
        AssertApplied(await updater.AddTextAsync(Name, "two", Minute, default));
        Assert.Equal(["one", "two"], await ValuesAsync());
        AssertApplied(await updater.DeleteTextAsync(Name, "one", default));
        AssertApplied(await updater.DeleteTextAsync(Name, "never there", default));
        Assert.Equal(["two"], await ValuesAsync());
        AssertApplied(await updater.ReplaceTextAsync(Name, ["three", "four \"quoted\""], Minute, default));
        Assert.Equal(["four \"quoted\"", "three"], await ValuesAsync());
        AssertApplied(await updater.ReplaceTextAsync(Name, [], Minute, default));
        Assert.Empty(await ValuesAsync());
    }

    [Fact]
    public async Task Update_LargerThanADatagram_GoesOverTcp()
    {
        AssertApplied(await UpdaterOf(Key).ReplaceTextAsync(Name, [new string('a', 255), new string('b', 256), new string('c', 1_500)], Minute, default));

        Assert.Equal([255, 256, 1_500], (await ValuesAsync()).Select(value => value.Length));
    }

    [Fact]
    public async Task Update_WithSha512_IsUnderstood()
    {
        const string key = "long:hmac-sha512:c2VjcmV0LW9mLXRoaXJ0eS10d28tYnl0ZXMtZXhhY3Q=";
        await using var knot = await KnotServer.StartAsync(new Dictionary<string, string> { ["acme.test"] = "" }, key);

        AssertApplied(await UpdaterOf(key, knot).AddTextAsync(Name, "one", Minute, default));
    }

    [Theory]
    [InlineData("other:hmac-sha256:c2VjcmV0LW9mLXRoaXJ0eS10d28tYnl0ZXMtZXhhY3Q=", DnsUpdateOutcome.BadKey)]
    [InlineData("update.key:hmac-sha512:c2VjcmV0LW9mLXRoaXJ0eS10d28tYnl0ZXMtZXhhY3Q=", DnsUpdateOutcome.BadKey)]
    [InlineData("update.key:hmac-sha256:YW5vdGhlci1zZWNyZXQtb2YtdGhpcnR5LXR3by1ieXQ=", DnsUpdateOutcome.BadSignature)]
    public async Task Update_WithTheWrongKey_SaysWhatIsWrong(string key, DnsUpdateOutcome outcome)
    {
        var result = await UpdaterOf(key).AddTextAsync(Name, "one", Minute, default);

        Assert.Equal(outcome, result.Outcome);
        Assert.DoesNotContain(key.Split(':')[2], result.Message, StringComparison.Ordinal);
        Assert.Empty(await ValuesAsync());
    }

    [Theory]
    [InlineData(1_000)]
    [InlineData(-1_000)]
    public async Task Update_WithAWrongClock_SaysByHowMuch(int seconds)
    {
        var result = await UpdaterOf(Key, time: new ShiftedTime(TimeSpan.FromSeconds(seconds))).AddTextAsync(Name, "one", Minute, default);

        Assert.Equal(DnsUpdateOutcome.BadTime, result.Outcome);
        Assert.Matches(seconds > 0 ? "by -(999|1000|1001) s" : "by (999|1000|1001) s", result.Message);
    }

    [Fact]
    public async Task Update_OfAnotherZone_IsRefused()
    {
        var updater = new DnsUpdater(new DnsUpdaterOptions(ServerOf(_knot), DnsName.Parse("other.test"), TsigKey.Parse(Key)));

        Assert.Equal(DnsUpdateOutcome.NotInZone, (await updater.AddTextAsync(DnsName.Parse("a.other.test"), "one", Minute, default)).Outcome);
    }

    [Fact]
    public async Task Update_WithAKeyThatMayNot_SaysThatItMustBeAllowed()
    {
        await using var knot = await KnotServer.StartAsync(new Dictionary<string, string> { ["acme.test"] = "" }, Key, mayUpdate: false);

        var result = await UpdaterOf(Key, knot).AddTextAsync(Name, "one", Minute, default);

        // Knot says BADKEY for a key that it knows and that may not.
        Assert.Equal(DnsUpdateOutcome.BadKey, result.Outcome);
        Assert.EndsWith("and that it may update acme.test.", result.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(1, DnsUpdateOutcome.Malformed)]
    [InlineData(2, DnsUpdateOutcome.ServerFailure)]
    [InlineData(5, DnsUpdateOutcome.Refused)]
    [InlineData(9, DnsUpdateOutcome.NotInZone)]
    [InlineData(10, DnsUpdateOutcome.NotInZone)]
    public async Task Update_AnsweredWithAnError_SaysWhich(int code, DnsUpdateOutcome outcome)
    {
        await using var server = ScriptedDnsServer.Start(question => [question.Answer(code, 5 << 11)]);

        Assert.Equal(outcome, (await UpdaterOf(Key, server).AddTextAsync(Name, "one", Minute, default)).Outcome);
    }

    [Fact]
    public async Task Update_AnsweredWithoutSignature_IsNotBelieved()
    {
        await using var server = ScriptedDnsServer.Start(question => [question.Answer(flags: 5 << 11)]);

        Assert.Equal(DnsUpdateOutcome.AnswerNotTrusted, (await UpdaterOf(Key, server).AddTextAsync(Name, "one", Minute, default)).Outcome);
    }

    [Fact]
    public async Task Update_AnsweredWithItsOwnSignature_IsNotBelieved()
    {
        // The request itself, turned into an answer: signed with the right key, but not as an answer to it.
        await using var server = ScriptedDnsServer.Start(question => [[.. question.Bytes.AsSpan(0, 2), (byte)(question.Bytes[2] | 0x80), .. question.Bytes.AsSpan(3)]]);

        Assert.Equal(DnsUpdateOutcome.AnswerNotTrusted, (await UpdaterOf(Key, server).AddTextAsync(Name, "one", Minute, default)).Outcome);
    }

    [Fact]
    public async Task Update_AnsweredThroughSomebodyWhoChangesTheAnswer_IsNotBelieved()
    {
        await using var between = ScriptedDnsServer.Start(question =>
        {
            using var socket = new System.Net.Sockets.UdpClient();
            socket.Connect(_knot.EndPoint);
            socket.Send(question.Bytes);
            var from = _knot.EndPoint;
            var answer = socket.Receive(ref from);
            answer[3] ^= 1;
            return [answer];
        });

        Assert.Equal(DnsUpdateOutcome.AnswerNotTrusted, (await UpdaterOf(Key, between).AddTextAsync(Name, "one", Minute, default)).Outcome);
    }

    [Fact]
    public async Task Update_WhereUdpGoesNowhere_IsSentByTcp()
    {
        await using var server = ScriptedDnsServer.Start(question => question.IsTcp ? [question.Answer(flags: 5 << 11)] : []);

        // Unsigned, so not believed; but it came.
        Assert.Equal(DnsUpdateOutcome.AnswerNotTrusted, (await UpdaterOf(Key, server).AddTextAsync(Name, "one", Minute, default)).Outcome);
        Assert.Equal([false, false, true], server.Questions.Select(question => question.IsTcp));
    }

    [Fact]
    public async Task Update_WhereNobodyAnswers_SaysSo()
    {
        await using var silent = ScriptedDnsServer.Start(_ => []);
        var nowhere = new DnsServer(System.Net.IPAddress.Loopback, FreePort.Next());

        Assert.Equal(DnsUpdateOutcome.TimedOut, (await UpdaterOf(Key, silent).AddTextAsync(Name, "one", Minute, default)).Outcome);
        Assert.Equal(DnsUpdateOutcome.Unreachable, (await UpdaterOf(Key, nowhere).AddTextAsync(Name, "one", Minute, default)).Outcome);
    }

    [Fact]
    public async Task Update_OutOfBounds_IsTheCallersMistake()
    {
        var updater = UpdaterOf(Key);

        await Assert.ThrowsAsync<ArgumentException>(() => updater.AddTextAsync(DnsName.Parse("acme.test.evil.com"), "one", Minute, default));
        await Assert.ThrowsAsync<ArgumentException>(() => updater.AddTextAsync(Name, "one\n", Minute, default));
        await Assert.ThrowsAsync<ArgumentException>(() => updater.AddTextAsync(Name, new string('a', 4_001), Minute, default));
        await Assert.ThrowsAsync<ArgumentOutOfRangeException>(() => updater.AddTextAsync(Name, "one", -Minute, default));
    }

    [Theory]
    [InlineData("")]
    [InlineData("a:hmac-md5:c2VjcmV0LW9mLXRoaXJ0eS10d28tYnl0ZXMtZXhhY3Q=")]
    [InlineData("a:hmac-sha256:c2hvcnQ=")]
    [InlineData("a:hmac-sha256:not base64")]
    [InlineData(":hmac-sha256:c2VjcmV0LW9mLXRoaXJ0eS10d28tYnl0ZXMtZXhhY3Q=")]
    public void Key_ThatIsNone_IsRefused(string text) => Assert.False(TsigKey.TryParse(text, out _));

    [Fact]
    public void Key_Printed_HidesItsSecret() => Assert.Equal("update.key:hmac-sha256:***", TsigKey.Parse(Key.ToUpperInvariant().Replace(Key.Split(':')[2].ToUpperInvariant(), Key.Split(':')[2], StringComparison.Ordinal)).ToString());

    private static void AssertApplied(DnsUpdateResult result) => Assert.Equal((DnsUpdateOutcome.Applied, "The server has it."), (result.Outcome, result.Message));

    private static DnsServer ServerOf(KnotServer knot) => new(knot.EndPoint.Address, knot.Port);

    private DnsUpdater UpdaterOf(string key, KnotServer? knot = null, TimeProvider? time = null) => UpdaterOf(key, ServerOf(knot ?? _knot), time);

    private static DnsUpdater UpdaterOf(string key, ScriptedDnsServer server) => UpdaterOf(key, new DnsServer(server.EndPoint.Address, server.EndPoint.Port));

    private static DnsUpdater UpdaterOf(string key, DnsServer server, TimeProvider? time = null) => new(new DnsUpdaterOptions(server, DnsName.Parse("acme.test"), TsigKey.Parse(key))
    {
        TryTimeout = TimeSpan.FromMilliseconds(500),
        Time = time ?? TimeProvider.System,
    });

    private async Task<IEnumerable<string>> ValuesAsync() =>
        (await new DnsClient(new DnsClientOptions()).QueryAsync(ServerOf(_knot), Name.Text, DnsRecordType.TXT, CancellationToken.None)).Texts.Order(StringComparer.Ordinal);

    private sealed class ShiftedTime(TimeSpan shift) : TimeProvider
    {
        public override DateTimeOffset GetUtcNow() => base.GetUtcNow() + shift;
    }
}
