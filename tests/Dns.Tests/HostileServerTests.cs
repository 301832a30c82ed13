using System.Collections.Concurrent;
using System.Diagnostics;
using System.Net;
using Gatehouse.Testing.Dns;
using Gatehouse.Testing.Net;
using Xunit;

namespace Gatehouse.Dns.Tests;

/// <summary>The client against servers that do what none should.</summary>
public sealed class HostileServerTests
{
    private const int Text = 16;
    private const int Truncated = 0x0200;

    private static readonly DnsClientOptions Options = new() { Tries = 2, TryTimeout = TimeSpan.FromMilliseconds(300), Timeout = TimeSpan.FromSeconds(5) };

    [Fact]
    public async Task Query_AnsweredWithOtherIdsAndQuestions_WaitsForItsOwn()
    {
        await using var server = ScriptedDnsServer.Start(question =>
        {
            var forged = question.Answer(answers: ScriptedQuestion.Text(question.Name, "forged"));
            byte[] otherId = [.. forged];
            otherId[0] ^= 1;
            byte[] otherName = [.. forged];
            otherName[13] = (byte)'0';
            byte[] otherType = [.. forged];
            otherType[12 + ScriptedQuestion.Wire(question.Name).Length + 1] = 1;
            byte[] request = [.. forged];
            request[2] &= 0x7F;
            return [otherId, otherName, otherType, request, [], [1], question.Answer(answers: ScriptedQuestion.Text(question.Name, "true"))];
        });

        Assert.Equal(["true"], (await AskAsync(server)).Texts);
    }

    [Fact]
    public async Task Query_AnsweredOnlyByForgeries_IsMalformedInTime()
    {
        await using var server = ScriptedDnsServer.Start(question => Enumerable.Repeat((byte[])[1, 2, 3], 1_000));
        var watch = Stopwatch.StartNew();

        Assert.Equal(DnsOutcome.Malformed, (await AskAsync(server)).Outcome);
        Assert.True(watch.Elapsed < TimeSpan.FromSeconds(3));
    }

    [Fact]
    public async Task Query_AnsweredFromAnotherAddress_DoesNotHearIt()
    {
        using var stranger = new System.Net.Sockets.UdpClient(new IPEndPoint(IPAddress.Loopback, 0));
        await using var server = ScriptedDnsServer.Start(question =>
        {
            stranger.Send(question.Answer(answers: ScriptedQuestion.Text(question.Name, "forged")), new IPEndPoint(IPAddress.Loopback, question.Port));
            return [];
        });

        Assert.Equal(DnsOutcome.TimedOut, (await AskAsync(server)).Outcome);
    }

    [Fact]
    public async Task Query_Repeated_TakesAnotherPortIdAndCase()
    {
        await using var server = ScriptedDnsServer.Start(_ => []);

        await AskAsync(server, new DnsClientOptions { Tries = 8, TryTimeout = TimeSpan.FromMilliseconds(30) });

        Assert.Equal(8, server.Questions.Count);
        Assert.True(server.Questions.Select(question => question.Port).Distinct().Count() > 6);
        Assert.True(server.Questions.Select(question => (question.Bytes[0], question.Bytes[1])).Distinct().Count() > 6);
        Assert.True(server.Questions.Select(question => question.Name).Distinct().Count() > 6);
    }

    [Fact]
    public async Task Query_FirstTryLost_AsksAgain()
    {
        var first = true;
        await using var server = ScriptedDnsServer.Start(question =>
        {
            (var lost, first) = (first, false);
            return lost ? [] : [question.Answer(answers: ScriptedQuestion.Text(question.Name, "late"))];
        });

        Assert.Equal(["late"], (await AskAsync(server)).Texts);
    }

    [Fact]
    public async Task Query_AnsweredWithSilence_TimesOut()
    {
        await using var server = ScriptedDnsServer.Start(_ => []);
        var watch = Stopwatch.StartNew();

        Assert.Equal(DnsOutcome.TimedOut, (await AskAsync(server)).Outcome);
        Assert.InRange(watch.Elapsed, TimeSpan.FromMilliseconds(550), TimeSpan.FromSeconds(3));
        Assert.Equal(2, server.Questions.Count);
    }

    [Fact]
    public async Task Query_Cancelled_Throws()
    {
        await using var server = ScriptedDnsServer.Start(_ => []);
        using var ending = new CancellationTokenSource(TimeSpan.FromMilliseconds(50));

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => AskAsync(server, new DnsClientOptions(), ending.Token));
    }

    [Fact]
    public async Task Query_WhereNothingListens_IsUnreachable()
    {
        var answer = await new DnsClient(Options).QueryAsync(new DnsServer(IPAddress.Loopback, FreePort.Next()), "shop.example.com", DnsRecordType.TXT, CancellationToken.None);

        Assert.Equal(DnsOutcome.Unreachable, answer.Outcome);
    }

    [Theory]
    [InlineData(1, DnsOutcome.ServerFailure)]
    [InlineData(2, DnsOutcome.ServerFailure)]
    [InlineData(3, DnsOutcome.NameMissing)]
    [InlineData(5, DnsOutcome.Refused)]
    [InlineData(9, DnsOutcome.Refused)]
    [InlineData(11, DnsOutcome.ServerFailure)]
    public async Task Query_AnsweredWithAnError_SaysWhich(int code, DnsOutcome outcome)
    {
        await using var server = ScriptedDnsServer.Start(question => [question.Answer(code)]);

        var answer = await AskAsync(server);

        Assert.Equal((outcome, code), (answer.Outcome, answer.ResponseCode));
    }

    [Theory]
    [InlineData(1)]
    [InlineData(4)]
    public async Task Query_OfAServerWithoutEdns_AsksWithout(int code)
    {
        // Some return the header alone.
        await using var server = ScriptedDnsServer.Start(question => question.HasEdns
            ? [[.. question.Bytes.AsSpan(0, 2), 0x80, (byte)code, 0, 0, 0, 0, 0, 0, 0, 0]]
            : [question.Answer(answers: ScriptedQuestion.Text(question.Name, "old"))]);

        Assert.Equal(["old"], (await AskAsync(server)).Texts);
        Assert.Equal([true, false], server.Questions.Select(question => question.HasEdns));
    }

    [Fact]
    public async Task Query_OfAServerThatFoldsCase_IsAskedAgainOverTcp()
    {
        await using var server = ScriptedDnsServer.Start(question => [Folded(question, question.IsTcp ? "tcp" : "udp")]);

        Assert.Equal(["tcp"], (await AskAsync(server)).Texts);
    }

    [Fact]
    public async Task Query_OfAServerThatFoldsCaseWithoutTcp_IsBelieved()
    {
        await using var server = ScriptedDnsServer.Start(question => [Folded(question, "udp")], withTcp: false);

        Assert.Equal(["udp"], (await AskAsync(server)).Texts);
    }

    [Fact]
    public async Task Query_CutWithinARecord_GoesOverTcp()
    {
        await using var server = ScriptedDnsServer.Start(question => question.IsTcp
            ? [question.Answer(answers: ScriptedQuestion.Text(question.Name, "whole"))]
            : [question.Answer(flags: Truncated, answers: ScriptedQuestion.Text(question.Name, "cut"))[..^3]]);

        Assert.Equal(["whole"], (await AskAsync(server)).Texts);
    }

    [Fact]
    public async Task Query_CutOverTcpToo_IsMalformed()
    {
        await using var server = ScriptedDnsServer.Start(question => [question.Answer(flags: Truncated)]);

        Assert.Equal(DnsOutcome.Malformed, (await AskAsync(server)).Outcome);
    }

    [Fact]
    public async Task Query_CutWithoutTcp_IsUnreachable()
    {
        await using var server = ScriptedDnsServer.Start(question => [question.Answer(flags: Truncated)], withTcp: false);

        Assert.Equal(DnsOutcome.Unreachable, (await AskAsync(server)).Outcome);
    }

    [Fact]
    public async Task Query_AnsweredWithGarbageBehindItsQuestion_IsMalformed()
    {
        await using var server = ScriptedDnsServer.Start(question => [[.. question.Answer(answers: [[1, 2, 3]])]]);

        Assert.Equal(DnsOutcome.Malformed, (await AskAsync(server)).Outcome);
    }

    [Fact]
    public async Task Query_OfEndlessAliases_Ends()
    {
        var count = 0;
        await using var server = ScriptedDnsServer.Start(question => [question.Answer(answers: ScriptedQuestion.Alias(question.Name, $"a{++count}.example.com"))]);

        var answer = await AskAsync(server);

        Assert.Equal(DnsOutcome.ChainTooLong, answer.Outcome);
        Assert.False(answer.IsLoop);
        Assert.Equal(8, answer.Through.Count);
        Assert.Equal(9, server.Questions.Count);
    }

    [Fact]
    public async Task Query_OfACircleAcrossAnswers_Ends()
    {
        await using var server = ScriptedDnsServer.Start(question => [question.Answer(answers: ScriptedQuestion.Alias(question.Name, question.Name.StartsWith('b') || question.Name.StartsWith('B') ? "shop.example.com" : "b.example.com"))]);

        var answer = await AskAsync(server);

        Assert.Equal((DnsOutcome.ChainTooLong, true), (answer.Outcome, answer.IsLoop));
        Assert.Equal(2, server.Questions.Count);
    }

    [Fact]
    public async Task Query_OfAResolverThatLeavesTheAlias_FollowsIt()
    {
        await using var server = ScriptedDnsServer.Start(question => [question.Name.Equals("target.example.net", StringComparison.OrdinalIgnoreCase)
            ? question.Answer(answers: ScriptedQuestion.Text(question.Name, "found"))
            : question.Answer(answers: ScriptedQuestion.Alias(question.Name, "target.example.net"))]);

        var answer = await AskAsync(server);

        Assert.Equal(["found"], answer.Texts);
        Assert.Equal(["target.example.net"], answer.Through);
    }

    [Fact]
    public async Task Query_AnsweredWithOthersRecords_IgnoresThem()
    {
        await using var server = ScriptedDnsServer.Start(question => [question.Answer(answers: [ScriptedQuestion.Text("other.example.com", "foreign"), ScriptedQuestion.Record(question.Name, 1, [127, 0, 0, 1])])]);

        Assert.Equal(DnsOutcome.NoData, (await AskAsync(server)).Outcome);
    }

    [Fact]
    public async Task Query_OfManyServersAtOnce_AnswersEach()
    {
        await using var server = ScriptedDnsServer.Start(question => [question.Answer(answers: ScriptedQuestion.Text(question.Name, question.Name.ToUpperInvariant()))]);
        var client = new DnsClient(new DnsClientOptions());
        var found = new ConcurrentBag<string>();

        await Parallel.ForEachAsync(Enumerable.Range(0, 200), async (i, ending) =>
            found.Add(Assert.Single((await client.QueryAsync(new DnsServer(server.EndPoint.Address, server.EndPoint.Port), $"n{i}.example.com", DnsRecordType.TXT, ending)).Texts)));

        Assert.Equal(Enumerable.Range(0, 200).Select(i => $"N{i}.EXAMPLE.COM").Order(), found.Order());
    }

    private static byte[] Folded(ScriptedQuestion question, string value)
    {
        var answer = question.Answer(answers: ScriptedQuestion.Text(question.Name, value));
        ScriptedQuestion.Wire(question.Name.ToLowerInvariant()).CopyTo(answer, 12);
        return answer;
    }

    private static Task<DnsAnswer> AskAsync(ScriptedDnsServer server, DnsClientOptions? options = null, CancellationToken cancellationToken = default) =>
        new DnsClient(options ?? Options).QueryAsync(new DnsServer(server.EndPoint.Address, server.EndPoint.Port), "shop.example.com", (DnsRecordType)Text, cancellationToken);
}
