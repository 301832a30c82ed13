using Gatehouse.Issuance.Ownership;
using Xunit;
using static Gatehouse.Issuance.Tests.Ownership.OwnershipZones;

namespace Gatehouse.Issuance.Tests.Ownership;

/// <summary>What the inspector says about names that knotd serves.</summary>
public sealed class HostnameInspectorTests(OwnershipZones zones) : IClassFixture<OwnershipZones>
{
    private static readonly DomainProof ExampleDomain = new("example.test", "_gatehouse-domain.example.test", DomainToken);
    private static readonly DomainProof ApexDomain = new("apex.test", "_gatehouse-domain.apex.test", DomainToken);

    [Fact]
    public async Task Inspect_OfANameAsItShouldBe_FindsNothingWrong()
    {
        var found = await zones.InspectAsync(Expect("good.example.test"));

        Assert.Empty(found.Problems);
        Assert.Equal(new HostnameProof("Txt", null), found.Proof);
        Assert.True(found.Definite);
        Assert.True(found.PointsHere);
        Assert.Equal(
            [("Ownership", "TXT", "Found"), ("Traffic", "CNAME", "Found"), ("Traffic", "A", "Found"), ("Traffic", "AAAA", "Found")],
            found.Required.Select(record => (record.Purpose, record.Type, record.State)));
        var claim = found.Observed.Single(record => record.Name == "_gatehouse-challenge.good.example.test");
        Assert.Equal((zones.Server.ToString(), "TXT", "Answered", 300L), (claim.Resolver, claim.Type, claim.Result, claim.TimeToLive));
        Assert.Equal([Token], claim.Values);
        Assert.Equal([EdgeName], found.Observed.Single(record => record is { Name: "good.example.test", Type: "A" }).Through);
    }

    [Theory]
    [InlineData("missing", ProblemCodes.TxtMissing)]
    [InlineData("wrong", ProblemCodes.TxtWrongValue)]
    [InlineData("old", ProblemCodes.TxtOldClaim)]
    [InlineData("quoted", ProblemCodes.TxtQuoted)]
    [InlineData("spaced", ProblemCodes.TxtQuoted)]
    [InlineData("pasted", ProblemCodes.TxtQuoted)]
    [InlineData("itself", ProblemCodes.TxtAtWrongName)]
    [InlineData("below.deep", ProblemCodes.TxtAtWrongName)]
    [InlineData("twice", ProblemCodes.ZoneAppendedTwice)]
    [InlineData("blocked", ProblemCodes.TxtBlockedByCname)]
    public async Task Inspect_OfAProofThatFails_SaysWhy(string label, string code)
    {
        var found = await zones.InspectAsync(Expect($"{label}.example.test"));

        var problem = Assert.Single(found.Problems);
        Assert.Equal((code, "Tenant"), (problem.Code, problem.WhoMustAct));
        Assert.Null(found.Proof);
        Assert.True(found.Definite);
        Assert.True(found.PointsHere);
        Assert.DoesNotContain(OtherToken, problem.Message + problem.NextStep, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Inspect_OfProblemsWithNames_SaysWhatToTypeWhere()
    {
        var missing = Assert.Single((await zones.InspectAsync(Expect("missing.example.test"))).Problems);
        var twice = Assert.Single((await zones.InspectAsync(Expect("twice.example.test"))).Problems);

        Assert.EndsWith("In a form that adds the zone example.test by itself the name is _gatehouse-challenge.missing.", missing.NextStep, StringComparison.Ordinal);
        Assert.Contains("Rename the record to _gatehouse-challenge.twice,", twice.NextStep, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Inspect_OfTheDomainsValueAtTheClaim_SaysWhereItBelongs()
    {
        var found = await zones.InspectAsync(Expect("swapped.example.test") with { DomainRecords = [ExampleDomain] });

        var problem = Assert.Single(found.Problems);
        Assert.Equal(ProblemCodes.TxtWrongValue, problem.Code);
        Assert.Contains("belongs to _gatehouse-domain.example.test", problem.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Inspect_OfSeveralAndSplitValues_FindsOurs()
    {
        var found = await zones.InspectAsync(Expect("several.example.test"));

        Assert.Empty(found.Problems);
        Assert.Equal("Txt", found.Proof?.Kind);
        Assert.Equal(3, found.Observed.Single(record => record.Name.StartsWith('_')).Values.Count);
    }

    [Fact]
    public async Task Inspect_OfATenantsTarget_TakesItForProof()
    {
        var ours = await zones.InspectAsync(Expect("aliased.example.test") with { CnameTarget = Target });
        var others = await zones.InspectAsync(Expect("other.example.test") with { CnameTarget = Target });

        Assert.Empty(ours.Problems);
        Assert.Equal(new HostnameProof("Cname", null), ours.Proof);
        Assert.Null(others.Proof);
        Assert.Contains(ours.Required, record => record is { Purpose: "Ownership", Type: "CNAME", State: "Found" });
        Assert.Contains(others.Required, record => record is { Purpose: "Ownership", Type: "CNAME", State: "Wrong" });
    }

    [Fact]
    public async Task Inspect_OfADomainsProof_CoversNamesBelow()
    {
        var found = await zones.InspectAsync(Expect("apex.test") with { DomainRecords = [ApexDomain] });
        var without = await zones.InspectAsync(Expect("missing.example.test") with { DomainRecords = [ExampleDomain] });

        Assert.Equal(new HostnameProof("Domain", "apex.test"), found.Proof);
        Assert.DoesNotContain(found.Problems, problem => problem.Code.StartsWith("Txt", StringComparison.Ordinal));
        Assert.Null(without.Proof);
    }

    [Theory]
    [InlineData("nothing.example.test", ProblemCodes.CnameMissing)]
    [InlineData("away.example.test", ProblemCodes.CnameWrongTarget)]
    [InlineData("dangling.example.test", ProblemCodes.CnameWrongTarget)]
    [InlineData("apex.test", ProblemCodes.CnameAtApex)]
    [InlineData("loop.example.test", ProblemCodes.CnameLoop)]
    [InlineData("elsewhere.example.test", ProblemCodes.AddressElsewhere)]
    [InlineData("partly.example.test", ProblemCodes.AddressPartlyElsewhere)]
    [InlineData("stale.example.test", ProblemCodes.StaleAaaa)]
    [InlineData("proxied.example.test", ProblemCodes.ProxyInFront)]
    [InlineData("private.example.test", ProblemCodes.PrivateAddress)]
    public async Task Inspect_OfTrafficThatGoesAstray_SaysWhy(string hostname, string code)
    {
        var found = await zones.InspectAsync(Expect(hostname));

        var problem = Assert.Single(found.Problems, problem => problem.Code != ProblemCodes.TxtMissing);
        Assert.Equal((code, "Tenant"), (problem.Code, problem.WhoMustAct));
        Assert.NotEqual(true, found.PointsHere);
    }

    [Fact]
    public async Task Inspect_OfANameWithoutAddresses_AsksForThem()
    {
        var tenants = await zones.InspectAsync(Expect("nothing.example.test") with { EdgeName = null });
        var platforms = await zones.InspectAsync(Expect("hollow.example.test") with { EdgeName = "empty.gate.test" });

        Assert.Contains(tenants.Problems, problem => problem is { Code: ProblemCodes.AddressMissing, WhoMustAct: "Tenant" } && problem.NextStep.Contains("A 192.0.2.1, AAAA 2001:db8::1", StringComparison.Ordinal));
        Assert.Contains(platforms.Problems, problem => problem is { Code: ProblemCodes.AddressMissing, WhoMustAct: "Platform" });
        Assert.False(tenants.PointsHere);
    }

    [Fact]
    public async Task Inspect_WithoutOurAddresses_LearnsThemFromOurName()
    {
        var good = await zones.InspectAsync(Expect("good.example.test") with { EdgeAddresses = [] });
        var elsewhere = await zones.InspectAsync(Expect("elsewhere.example.test") with { EdgeAddresses = [] });
        var unknown = await zones.InspectAsync(Expect("elsewhere.example.test") with { EdgeAddresses = [], EdgeName = null });
        var inner = await zones.InspectAsync(Expect("private.example.test") with { EdgeAddresses = [], EdgeName = null });

        Assert.True(good.PointsHere);
        Assert.Contains(elsewhere.Problems, problem => problem.Code == ProblemCodes.AddressElsewhere);
        Assert.Null(unknown.PointsHere);
        Assert.Equal([ProblemCodes.TxtMissing], unknown.Problems.Select(problem => problem.Code));
        Assert.Contains(inner.Problems, problem => problem.Code == ProblemCodes.PrivateAddress);
    }

    [Fact]
    public async Task Inspect_OfADomainThatNobodyRegistered_SaysOnlyThat()
    {
        var found = await zones.InspectAsync(Expect("shop.nobody.test"));

        Assert.Equal(ProblemCodes.NameMissing, Assert.Single(found.Problems).Code);
        Assert.True(found.Definite);
    }

    [Fact]
    public async Task Inspect_OfADelegationThatLeadsNowhere_NamesIt()
    {
        var found = await zones.InspectAsync(Expect("shop.lame.test"));

        Assert.Equal((ProblemCodes.LameDelegation, "DnsProvider"), Assert.Single(found.Problems.Select(problem => (problem.Code, problem.WhoMustAct))));
        Assert.False(found.Definite);
        Assert.Null(found.PointsHere);
    }

    [Theory]
    [InlineData("good.example.test", "ca.example", null)]
    [InlineData("good.example.test", "other.example", ProblemCodes.CaaForbids)]
    [InlineData("critical.example.test", "ca.example", ProblemCodes.CaaForbids)]
    [InlineData("bound.example.test", "ca.example", ProblemCodes.CaaForbids)]
    [InlineData("*.stars.example.test", "ca.example", ProblemCodes.CaaForbidsWildcard)]
    [InlineData("*.stars.example.test", "wild.example", null)]
    [InlineData("shop.lame.test", "ca.example", ProblemCodes.CaaUnreadable)]
    public async Task Inspect_OfCaa_SaysWhetherTheAuthorityMay(string hostname, string authority, string? code)
    {
        var found = await zones.InspectAsync(Expect(hostname) with { CertificateAuthorities = [authority], ValidationMethod = "http-01" });

        Assert.Equal(code, found.Problems.SingleOrDefault(problem => problem.Code.StartsWith("Caa", StringComparison.Ordinal))?.Code);
        Assert.Contains(found.Observed, record => record.Type == "CAA");
    }

    [Theory]
    [InlineData("*.stars.example.test", null, "Found")]
    [InlineData("*.good.example.test", ProblemCodes.AcmeDelegationMissing, "Missing")]
    [InlineData("*.bent.example.test", ProblemCodes.AcmeDelegationWrong, "Wrong")]
    [InlineData("*.text.example.test", ProblemCodes.AcmeTxtInTheWay, "Wrong")]
    public async Task Inspect_OfTheAcmeDelegation_SaysHowItStands(string hostname, string? code, string state)
    {
        var expected = Expect(hostname);
        expected = expected with { NeedsDns01 = true, AcmeRecord = new ExpectedRecord($"_acme-challenge.{expected.Base}", "stars.acme.gate.test") };

        var found = await zones.InspectAsync(expected);
        var optional = await zones.InspectAsync(expected with { NeedsDns01 = false });

        Assert.Equal(code, found.Problems.SingleOrDefault(problem => problem.Code.StartsWith("Acme", StringComparison.Ordinal))?.Code);
        Assert.Equal(state, found.Required.Single(record => record.Purpose == "Certificate").State);
        Assert.DoesNotContain(optional.Problems, problem => problem.Code.StartsWith("Acme", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Inspect_OfAWildcard_LooksAtTheBaseForProofAndAtTheStarForTraffic()
    {
        var found = await zones.InspectAsync(Expect("*.stars.example.test"));

        Assert.Empty(found.Problems);
        Assert.Equal("Txt", found.Proof?.Kind);
        Assert.True(found.PointsHere);
    }

    [Fact]
    public async Task Inspect_OfHostileValues_ShowsThemHarmless()
    {
        var found = await zones.InspectAsync(Expect("hostile.example.test"));

        var texts = found.Observed.SelectMany(record => record.Values).Concat(found.Problems.SelectMany(problem => (string[])[problem.Message, problem.NextStep]));
        Assert.Contains(texts, text => text.Contains(@"line\010break \027[31m", StringComparison.Ordinal));
        Assert.DoesNotContain(texts, text => text.Any(char.IsControl));
    }

    [Theory]
    [InlineData("SHOP.example.test")]
    [InlineData("shop.example.test.")]
    [InlineData("münchen.test")]
    [InlineData("")]
    public async Task Inspect_OfANameThatIsNotCanonical_IsTheCallersMistake(string hostname) =>
        await Assert.ThrowsAsync<FormatException>(() => zones.InspectAsync(Expect(hostname)));

    [Fact]
    public async Task Inspect_OfTheLongestName_CountsItsRecordAsMissing()
    {
        var hostname = string.Join('.', Enumerable.Repeat(new string('a', 60), 4))[..241] + ".test";

        var found = await zones.InspectAsync(Expect(hostname));

        Assert.True(found.Definite);
        Assert.Null(found.Proof);
    }
}
