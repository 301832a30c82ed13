using System.Diagnostics;
using System.Net;
using Gatehouse.Dns;
using Gatehouse.Issuance.Ownership;
using Gatehouse.Testing.Dns;
using Gatehouse.Testing.Net;
using Xunit;
using static Gatehouse.Issuance.Tests.Ownership.OwnershipZones;

namespace Gatehouse.Issuance.Tests.Ownership;

/// <summary>Resolvers that see different things, fail, lie or say nothing.</summary>
public sealed class DisagreementTests(OwnershipZones zones) : IClassFixture<OwnershipZones>, IAsyncLifetime
{
    private const int Address = 1, Alias = 5, Text = 16;

    private readonly List<KnotServer> _started = [];

    public Task InitializeAsync() => Task.CompletedTask;

    public async Task DisposeAsync()
    {
        foreach (var server in _started)
            await server.DisposeAsync();
    }

    [Fact]
    public async Task Inspect_OfAProofThatSomeSee_WaitsForTheOthers()
    {
        await using var behind = await BehindAsync();

        var half = await zones.InspectAsync(Expect("good.example.test"), zones.Server, ServerOf(behind));
        var problem = Assert.Single(half.Problems);

        Assert.Equal((ProblemCodes.TxtNotEverywhere, "Nobody"), (problem.Code, problem.WhoMustAct));
        Assert.Contains("1 of 2 resolvers", problem.Message, StringComparison.Ordinal);
        Assert.Contains("for up to 60 s", problem.Message, StringComparison.Ordinal);
        Assert.Null(half.Proof);
        Assert.False(half.Definite);
        Assert.Equal("Partial", half.Required[0].State);
    }

    [Fact]
    public async Task Inspect_OfResolversThatDiffer_BelievesTheMajority()
    {
        await using var behind = await BehindAsync();
        await using var alsoBehind = await BehindAsync();
        await using var ahead = ScriptedDnsServer.Start(question => Relay(question, zones.Knot.EndPoint));

        var most = await zones.InspectAsync(Expect("good.example.test"), zones.Server, ServerOf(ahead), ServerOf(behind));
        var few = await zones.InspectAsync(Expect("good.example.test"), zones.Server, ServerOf(alsoBehind), ServerOf(behind));

        Assert.Equal("Txt", most.Proof?.Kind);
        Assert.Null(few.Proof);
        Assert.True(few.Definite);
    }

    [Fact]
    public async Task Inspect_WithOneOfTwoResolversDead_ProvesByTheOther()
    {
        var found = await zones.InspectAsync(Expect("good.example.test"), zones.Server, Dead());

        Assert.Equal("Txt", found.Proof?.Kind);
        Assert.Equal((ProblemCodes.ResolversTimedOut, "Platform"), Assert.Single(found.Problems.Select(problem => (problem.Code, problem.WhoMustAct))));
    }

    [Fact]
    public async Task Inspect_WithOneOfThreeResolversAlive_ProvesNothingAndPunishesNobody()
    {
        var found = await zones.InspectAsync(Expect("good.example.test"), zones.Server, Dead(), Dead());
        var missing = await zones.InspectAsync(Expect("missing.example.test"), zones.Server, Dead(), Dead());

        Assert.Null(found.Proof);
        Assert.False(found.Definite);
        Assert.False(missing.Definite);
        Assert.DoesNotContain(missing.Problems, problem => problem.Code == ProblemCodes.TxtMissing);
    }

    [Fact]
    public async Task Inspect_OfAddressesThatDiffer_SaysSo()
    {
        await using var old = ScriptedDnsServer.Start(question => question.Type == Address
            ? [question.Answer(answers: ScriptedQuestion.Record(question.Name, Address, [198, 51, 100, 7]))]
            : Relay(question, zones.Knot.EndPoint));
        var moved = await zones.InspectAsync(Expect("good.example.test"), zones.Server, ServerOf(old));

        var problem = Assert.Single(moved.Problems);
        Assert.Equal((ProblemCodes.ResolversDisagree, "Nobody"), (problem.Code, problem.WhoMustAct));
        Assert.Contains("1 of 2 see this gateway's alone; the others look again within 300 s", problem.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(1, 2, false)]
    [InlineData(1, 1, true)]
    [InlineData(2, 1, true)]
    public async Task Inspect_OfCaaThatDiffers_GoesByMost(int forbidding, int allowing, bool isForbidden)
    {
        const int caa = 257;
        await using var open = ScriptedDnsServer.Start(question => question.Type == caa ? [question.Answer()] : Relay(question, zones.Knot.EndPoint));
        await using var alsoOpen = ScriptedDnsServer.Start(question => question.Type == caa ? [question.Answer()] : Relay(question, zones.Knot.EndPoint));
        await using var relay = ScriptedDnsServer.Start(question => Relay(question, zones.Knot.EndPoint));
        DnsServer[] resolvers = [.. new[] { zones.Server, ServerOf(relay) }.Take(forbidding), .. new[] { ServerOf(open), ServerOf(alsoOpen) }.Take(allowing)];

        var found = await zones.InspectAsync(Expect("good.example.test") with { CertificateAuthorities = ["other.example"] }, resolvers);

        Assert.Equal(isForbidden, found.Problems.Any(problem => problem.Code == ProblemCodes.CaaForbids));
    }

    [Fact]
    public async Task Inspect_WithSilentResolvers_EndsInTimeAndPunishesNobody()
    {
        await using var silent = ScriptedDnsServer.Start(_ => []);
        var watch = Stopwatch.StartNew();

        var found = await zones.InspectAsync(Expect("good.example.test") with { CertificateAuthorities = ["ca.example"] }, ServerOf(silent), Dead());

        Assert.True(watch.Elapsed < TimeSpan.FromSeconds(6), $"took {watch.Elapsed}");
        Assert.False(found.Definite);
        Assert.Null(found.PointsHere);
        Assert.All(found.Required, record => Assert.Equal("Unknown", record.State));
        Assert.Contains(found.Problems, problem => problem is { Code: ProblemCodes.ResolversTimedOut, WhoMustAct: "Platform" });
        Assert.DoesNotContain(found.Problems, problem => problem.WhoMustAct == "Tenant");
    }

    [Fact]
    public async Task Inspect_OfAZoneWhoseServersAreSilent_BlamesThem()
    {
        // As a resolver looks from outside that waits longer for the zone's servers than we for it.
        await using var resolver = ScriptedDnsServer.Start(question => question.Name.Equals("test", StringComparison.OrdinalIgnoreCase) ? Relay(question, zones.Knot.EndPoint) : []);

        var found = await zones.InspectAsync(Expect("good.example.test"), ServerOf(resolver));

        Assert.Equal(ProblemCodes.LameDelegation, found.Problems[0].Code);
        Assert.False(found.Definite);
    }

    [Fact]
    public async Task Inspect_WithRefusingResolvers_AsksThePlatform()
    {
        await using var refusing = ScriptedDnsServer.Start(question => [question.Answer(code: 5)]);

        var found = await zones.InspectAsync(Expect("good.example.test"), ServerOf(refusing));

        Assert.Equal((ProblemCodes.ResolverRefused, "Platform"), Assert.Single(found.Problems.Select(problem => (problem.Code, problem.WhoMustAct))));
        Assert.False(found.Definite);
    }

    [Fact]
    public async Task Inspect_WithResolversThatTalkNonsense_AsksThePlatform()
    {
        await using var garbling = ScriptedDnsServer.Start(question => [question.Answer(answers: [[1, 2, 3]])]);

        var found = await zones.InspectAsync(Expect("good.example.test"), ServerOf(garbling));

        Assert.Equal((ProblemCodes.ResolverGarbled, "Platform"), Assert.Single(found.Problems.Select(problem => (problem.Code, problem.WhoMustAct))));
    }

    [Fact]
    public async Task Inspect_OfBrokenSignatures_TellsThemFromDeadServers()
    {
        const int checkingDisabled = 0x10;
        await using var validating = ScriptedDnsServer.Start(question =>
            IsAtOrBelow(question, "example.test") && (question.Bytes[3] & checkingDisabled) == 0 ? [question.Answer(code: 2)] : Relay(question, zones.Knot.EndPoint));

        var problem = Assert.Single((await zones.InspectAsync(Expect("good.example.test"), ServerOf(validating))).Problems);

        Assert.Equal((ProblemCodes.ServerFailure, "DnsProvider"), (problem.Code, problem.WhoMustAct));
        Assert.Contains("DNSSEC", problem.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Inspect_OfAZoneThatFails_NamesTheDelegation()
    {
        await using var failing = ScriptedDnsServer.Start(question => IsAtOrBelow(question, "example.test") ? [question.Answer(code: 2)] : Relay(question, zones.Knot.EndPoint));

        var found = await zones.InspectAsync(Expect("a.good.example.test"), ServerOf(failing));

        var problem = Assert.Single(found.Problems);
        Assert.Equal(ProblemCodes.LameDelegation, problem.Code);
        Assert.Contains(" that example.test is delegated to ", problem.Message, StringComparison.Ordinal);
        Assert.False(found.Definite);
    }

    [Fact]
    public async Task Inspect_OfServersThatFailForOneName_SaysServerFailure()
    {
        await using var failing = ScriptedDnsServer.Start(question => question.Type == Address && IsAtOrBelow(question, "good.example.test") ? [question.Answer(code: 2)] : Relay(question, zones.Knot.EndPoint));

        var found = await zones.InspectAsync(Expect("good.example.test"), ServerOf(failing));

        Assert.Contains(found.Problems, problem => problem.Code == ProblemCodes.ServerFailure);
        Assert.Equal("Txt", found.Proof?.Kind);
    }

    [Fact]
    public async Task Inspect_OfACircleThatAResolverFailsAt_FindsTheCircle()
    {
        await using var resolver = ScriptedDnsServer.Start(question => question.Type != Alias && IsAtOrBelow(question, "loop.example.test") ? [question.Answer(code: 2)] : Relay(question, zones.Knot.EndPoint));

        Assert.Contains((await zones.InspectAsync(Expect("loop.example.test"), ServerOf(resolver))).Problems, problem => problem.Code == ProblemCodes.CnameLoop);
    }

    [Fact]
    public async Task Inspect_OfAnAliasAtAnApex_SaysThatItCannotBe()
    {
        // Knot refuses to load such a zone; some providers serve it.
        await using var server = ScriptedDnsServer.Start(question => question.Name.Equals("apex.test", StringComparison.OrdinalIgnoreCase) && question.Type is Address or 28
            ? [question.Answer(answers: [ScriptedQuestion.Alias(question.Name, EdgeName), ScriptedQuestion.Record(EdgeName, Address, [192, 0, 2, 1])])]
            : Relay(question, zones.Knot.EndPoint));

        var found = await zones.InspectAsync(Expect("apex.test"), ServerOf(server));

        Assert.Contains(found.Problems, problem => problem.Code == ProblemCodes.CnameAtApex && problem.Message.Contains(EdgeName, StringComparison.Ordinal));
    }

    [Fact]
    public async Task Inspect_OfMoreValuesThanAnybodyNeeds_ShowsAFew()
    {
        await using var server = ScriptedDnsServer.Start(question => question.IsTcp
            ? [question.Answer(answers: [.. Enumerable.Range(0, 150).Select(i => ScriptedQuestion.Text(question.Name, new string('x', 250) + i))])]
            : [question.Answer(flags: 0x0200)]);

        var found = await zones.InspectAsync(Expect("good.example.test"), ServerOf(server));

        Assert.All(found.Observed, record => Assert.True(record.Values.Count <= 21 && record.Values.Sum(value => value.Length) < 2_400));
        Assert.Contains(found.Observed, record => record.Values.Count > 0 && record.Values[^1] == "… and 142 more");
        Assert.All(found.Problems, problem => Assert.True(problem.Message.Length < 1_000));
    }

    private static bool IsAtOrBelow(ScriptedQuestion question, string name) => DnsName.Parse(question.Name).IsAtOrBelow(DnsName.Parse(name));

    private static DnsServer Dead() => new(IPAddress.Loopback, FreePort.Next());

    // A resolver that remembers the zone as it was before the TXT record came.
    private async Task<ScriptedDnsServer> BehindAsync()
    {
        var before = await KnotServer.StartAsync(new Dictionary<string, string> { ["example.test"] = "" });
        _started.Add(before);
        return ScriptedDnsServer.Start(question => question.Type == Text ? Relay(question, before.EndPoint) : Relay(question, zones.Knot.EndPoint));
    }

    private static IEnumerable<byte[]> Relay(ScriptedQuestion question, IPEndPoint server)
    {
        using var socket = new System.Net.Sockets.UdpClient();
        socket.Connect(server);
        socket.Send(question.Bytes);
        var from = server;
        return [socket.Receive(ref from)];
    }
}
