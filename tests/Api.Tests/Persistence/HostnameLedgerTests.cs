using Gatehouse.Gateway.Resources;
using Gatehouse.Persistence.Hostnames;
using Gatehouse.Persistence.Tenancy;
using Gatehouse.Testing.Postgres;
using Microsoft.EntityFrameworkCore;
using Xunit;

namespace Gatehouse.Api.Tests.Persistence;

public sealed class HostnameLedgerTests : DatabaseTest
{
    private static readonly HostnameOptions Off = new() { VerificationRequired = false, BaseDomain = "apps.example" };
    private static readonly HostnameOptions Required = Off with { VerificationRequired = true };

    [Fact]
    public async Task Claim_FreeNameWithVerificationOff_IsVerified()
    {
        Assert.Equal(ClaimOutcome.Verified, await ClaimAsync(Off, TestDatabase.ShopId, "a.example.com"));
        Assert.Equal(ClaimState.Verified, await StateAsync(TestDatabase.ShopId, "a.example.com"));
    }

    [Fact]
    public async Task Claim_Again_ChangesNothing()
    {
        await ClaimAsync(Off, TestDatabase.ShopId, "a.example.com");
        await using var db = Database.NewContext();
        await using var transaction = await TransactionsOf(db).WriteAsync(TestDatabase.ShopId, Write);
        Assert.Equal(ClaimOutcome.Verified, await new HostnameLedger(Off).ClaimAsync(transaction, "a.example.com"));
        Assert.Equal(0, await transaction.CommitAsync());
    }

    [Theory]
    [InlineData("a.example.com", "a.example.com")]
    [InlineData("*.example.com", "a.example.com")]
    [InlineData("*.example.com", "b.a.example.com")]
    [InlineData("*.example.com", "*.a.example.com")]
    [InlineData("*.example.com", "*.example.com")]
    public async Task Claim_CoveredByAnotherTenantsClaim_IsTaken(string theirs, string ours)
    {
        await ClaimAsync(Off, TestDatabase.ShopId, theirs);
        Assert.Equal(ClaimOutcome.Taken, await ClaimAsync(Off, TestDatabase.PaymentsId, ours));
        Assert.Null(await StateAsync(TestDatabase.PaymentsId, ours));
    }

    [Theory]
    [InlineData("*.example.com", "example.com")]
    [InlineData("*.a.example.com", "b.example.com")]
    [InlineData("a.example.com", "b.a.example.com")]
    [InlineData("a.example.com", "*.example.com")]
    public async Task Claim_NotCovered_IsVerified(string theirs, string ours)
    {
        await ClaimAsync(Off, TestDatabase.ShopId, theirs);
        Assert.Equal(ClaimOutcome.Verified, await ClaimAsync(Off, TestDatabase.PaymentsId, ours));
    }

    [Fact]
    public async Task Claim_BelowOnesOwnWildcard_IsVerified()
    {
        await ClaimAsync(Off, TestDatabase.ShopId, "*.example.com");
        Assert.Equal(ClaimOutcome.Verified, await ClaimAsync(Off, TestDatabase.ShopId, "a.example.com"));
    }

    [Fact]
    public async Task Claim_HundredInParallel_HasOneWinner()
    {
        var outcomes = await Task.WhenAll(Enumerable.Range(0, 100).Select(i => Task.Run(() =>
            ClaimAsync(Off, i % 2 == 0 ? TestDatabase.ShopId : TestDatabase.PaymentsId, i % 4 < 2 ? "*.example.com" : "a.example.com"))));

        await using var db = Database.NewContext(Database.Compiler);
        var verified = await db.HostnameClaims.IgnoreQueryFilters().Where(claim => claim.State == ClaimState.Verified).ToListAsync();
        Assert.Equal(100, outcomes.Length);
        Assert.Single(verified, claim => claim.Hostname == "*.example.com");
        Assert.Single(verified, claim => claim.Hostname == "a.example.com");
        Assert.All(verified, claim => Assert.Equal(verified.Single(other => other.Hostname == claim.Hostname).TenantId, claim.TenantId));
    }

    [Fact]
    public async Task Claim_HundredTenantsInParallel_HasOneWinner()
    {
        var tenants = Enumerable.Range(0, 100).Select(i => new Tenant { Name = $"t{i}" }).ToList();
        await WriteAsync(TestDatabase.PlatformId, transaction =>
        {
            transaction.Db.Tenants.AddRange(tenants);
            return Task.CompletedTask;
        });
        var outcomes = await Task.WhenAll(tenants.Select(tenant => Task.Run(() => ClaimAsync(Off, tenant.Id, "a.example.com"))));
        Assert.Single(outcomes, ClaimOutcome.Verified);
        Assert.Equal(99, outcomes.Count(outcome => outcome == ClaimOutcome.Taken));
    }

    [Fact]
    public async Task Claim_VerificationRequired_IsPendingForSeveralTenants()
    {
        Assert.Equal(ClaimOutcome.Pending, await ClaimAsync(Required, TestDatabase.ShopId, "a.example.com"));
        Assert.Equal(ClaimOutcome.Pending, await ClaimAsync(Required, TestDatabase.PaymentsId, "a.example.com"));
    }

    [Fact]
    public async Task Approve_FirstOfSeveral_WinsAndTheOthersLose()
    {
        await ClaimAsync(Required, TestDatabase.ShopId, "*.example.com");
        await ClaimAsync(Required, TestDatabase.PaymentsId, "*.example.com");
        await ClaimAsync(Required, TestDatabase.PaymentsId, "a.example.com");
        await ClaimAsync(Required, TestDatabase.PaymentsId, "example.com");
        Assert.Equal(ClaimOutcome.Verified, await ApproveAsync(TestDatabase.ShopId, "*.example.com"));

        Assert.Equal(ClaimState.Lost, await StateAsync(TestDatabase.PaymentsId, "*.example.com"));
        Assert.Equal(ClaimState.Lost, await StateAsync(TestDatabase.PaymentsId, "a.example.com"));
        Assert.Equal(ClaimState.Pending, await StateAsync(TestDatabase.PaymentsId, "example.com"));
        Assert.Equal(ClaimOutcome.Taken, await ApproveAsync(TestDatabase.PaymentsId, "a.example.com"));
        // Where names are proven, one below another tenant's wildcard waits for a proof of its own.
        Assert.Equal(ClaimOutcome.Pending, await ClaimAsync(Required, TestDatabase.PaymentsId, "a.example.com"));
        Assert.Equal(ClaimOutcome.Taken, await ClaimAsync(Required, TestDatabase.PaymentsId, "*.example.com"));
        Assert.Equal(ClaimOutcome.Missing, await ApproveAsync(TestDatabase.PaymentsId, "b.example.com"));
    }

    [Theory]
    [InlineData("web.shop.apps.example", ClaimOutcome.Verified)]
    [InlineData("*.shop.apps.example", ClaimOutcome.Verified)]
    [InlineData("a.b.shop.apps.example", ClaimOutcome.Verified)]
    [InlineData("web.payments.apps.example", ClaimOutcome.Taken)]
    [InlineData("*.payments.apps.example", ClaimOutcome.Taken)]
    [InlineData("web.nobody.apps.example", ClaimOutcome.Pending)]
    [InlineData("apps.example", ClaimOutcome.Pending)]
    [InlineData("*.apps.example", ClaimOutcome.Pending)]
    public async Task Claim_BelowTheBaseDomain_IsDecidedByTheTenantsName(string hostname, ClaimOutcome outcome)
    {
        Assert.Equal(outcome, await ClaimAsync(Required, TestDatabase.ShopId, hostname));
        Assert.Equal(outcome, await ClaimAsync(Off, TestDatabase.ShopId, hostname));
    }

    [Fact]
    public async Task Claim_OwnPartBelowAWildcardOfThePlatform_IsVerified()
    {
        await ClaimAsync(Required, TestDatabase.PlatformId, "*.apps.example");
        await ApproveAsync(TestDatabase.PlatformId, "*.apps.example");
        Assert.Equal(ClaimOutcome.Verified, await ClaimAsync(Required, TestDatabase.ShopId, "web.shop.apps.example"));
    }

    [Fact]
    public async Task Release_VerifiedName_IsQuarantinedForOthers()
    {
        await ClaimAsync(Off, TestDatabase.ShopId, "*.example.com");
        await ReleaseAsync(TestDatabase.ShopId, "*.example.com");

        Assert.Equal(ClaimOutcome.Pending, await ClaimAsync(Off, TestDatabase.PaymentsId, "a.example.com"));
        Assert.Equal(ClaimOutcome.Verified, await ClaimAsync(Off, TestDatabase.ShopId, "*.example.com"));
    }

    [Fact]
    public async Task Release_AfterTheQuarantine_IsFree()
    {
        await ClaimAsync(Off, TestDatabase.ShopId, "a.example.com");
        await ReleaseAsync(TestDatabase.ShopId, "a.example.com");
        Assert.Equal(ClaimOutcome.Verified, await ClaimAsync(Off with { Quarantine = TimeSpan.Zero }, TestDatabase.PaymentsId, "a.example.com"));
    }

    [Fact]
    public async Task Release_PendingName_IsNotQuarantined()
    {
        await ClaimAsync(Required, TestDatabase.ShopId, "a.example.com");
        await ReleaseAsync(TestDatabase.ShopId, "a.example.com");
        Assert.Equal(ClaimOutcome.Verified, await ClaimAsync(Off, TestDatabase.PaymentsId, "a.example.com"));
    }

    [Fact]
    public async Task TenantDeleted_ItsNames_AreQuarantined()
    {
        await ClaimAsync(Off, TestDatabase.ShopId, "a.example.com");
        await WriteAsync(TestDatabase.PlatformId, async transaction =>
            transaction.Db.Tenants.Remove(await transaction.Db.Tenants.SingleAsync(tenant => tenant.Id == TestDatabase.ShopId)));
        Assert.Equal(ClaimOutcome.Pending, await ClaimAsync(Off, TestDatabase.PaymentsId, "a.example.com"));
        Assert.Equal(ClaimOutcome.Verified, await ApproveAsync(TestDatabase.PaymentsId, "a.example.com"));
    }

    [Fact]
    public async Task Claim_RolledBack_LeavesNothing()
    {
        await ClaimAsync(Off, TestDatabase.ShopId, "a.example.com", dryRun: true);
        Assert.Equal(ClaimOutcome.Verified, await ClaimAsync(Off, TestDatabase.PaymentsId, "a.example.com"));
    }

    private async Task<ClaimOutcome> ClaimAsync(HostnameOptions options, Guid tenant, string hostname, bool dryRun = false)
    {
        await using var db = Database.NewContext();
        await using var transaction = await TransactionsOf(db).WriteAsync(tenant, Write with { DryRun = dryRun });
        var outcome = await new HostnameLedger(options).ClaimAsync(transaction, hostname);
        await transaction.CommitAsync();
        return outcome;
    }

    private async Task<ClaimOutcome> ApproveAsync(Guid tenant, string hostname)
    {
        await using var db = Database.NewContext();
        await using var transaction = await TransactionsOf(db).WriteAsync(tenant, Write);
        var outcome = await HostnameLedger.ApproveAsync(transaction, hostname);
        await transaction.CommitAsync();
        return outcome;
    }

    private Task<long> ReleaseAsync(Guid tenant, string hostname) =>
        WriteAsync(tenant, async transaction => Assert.True(await HostnameLedger.ReleaseAsync(transaction, hostname)));

    private async Task<ClaimState?> StateAsync(Guid tenant, string hostname)
    {
        await using var db = Database.NewContext();
        await using var read = await TransactionsOf(db).ReadAsync(tenant);
        return await db.HostnameClaims.Where(claim => claim.Hostname == hostname).Select(claim => (ClaimState?)claim.State).SingleOrDefaultAsync();
    }
}
