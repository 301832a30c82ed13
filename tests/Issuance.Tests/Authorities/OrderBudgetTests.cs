using Gatehouse.Issuance.Authorities;
using Gatehouse.Testing.Postgres;
using Xunit;

namespace Gatehouse.Issuance.Tests.Authorities;

/// <summary>How many certificates are ordered within an hour, over several processes.</summary>
public sealed class OrderBudgetTests
{
    private static readonly Uri Directory = new("https://ca.example.net/directory");

    [Theory]
    [InlineData(0, 0, false, "None", 0)]
    [InlineData(75, 0, false, "None", 0)]
    [InlineData(76, 0, false, "All", 1)]
    [InlineData(80, 0, false, "All", 5)]
    [InlineData(80, 0, true, "None", 0)]
    [InlineData(95, 0, true, "All", 1)]
    [InlineData(23, 23, false, "None", 0)]
    [InlineData(24, 24, false, "Tenant", 1)]
    [InlineData(24, 24, true, "None", 0)]
    [InlineData(30, 30, true, "Tenant", 1)]
    [InlineData(60, 15, false, "None", 0)]
    [InlineData(61, 15, false, "Tenant", 1)]
    [InlineData(75, 1, false, "Tenant", 1)]
    public void Order_AfterOthers_HasAPlaceOrNot(int used, int own, bool isRenewal, string obstacle, int excess)
    {
        var decided = new BudgetRule(new OrderBudgetOptions()).Decide(used, own, isRenewal);
        Assert.Equal((obstacle, excess), (decided.Obstacle.ToString(), decided.Excess));
    }

    [Theory]
    [InlineData(1, 24)]
    [InlineData(2, 25)]
    [InlineData(5, 13)]
    [InlineData(20, 4)]
    public void NewNames_OfTenantsThatTakeTurns_EndWithEqualSharesAndLeaveOneForWhoComesAnew(int tenants, int most)
    {
        var rule = new BudgetRule(new OrderBudgetOptions());
        var own = new int[tenants];
        for (var turn = 0; turn < 100; turn++)
        {
            for (var tenant = 0; tenant < tenants; tenant++)
            {
                if (rule.Decide(own.Sum(), own[tenant], isRenewal: false).Obstacle == BudgetRule.Obstacle.None)
                    own[tenant]++;
            }
        }
        Assert.InRange(own.Max(), 1, most);
        Assert.InRange(own.Max() - own.Min(), 0, 1);
        Assert.Equal(BudgetRule.Obstacle.None, rule.Decide(own.Sum(), 0, isRenewal: false).Obstacle);
    }

    [Fact]
    public async Task Place_AskedForByTwoProcessesAtOnce_IsGivenOnceAndFreeAgainAfterAnHour()
    {
        await using var database = await TestDatabase.CreateAsync();
        var clock = new SteppingClock();
        var options = new IssuanceOptions { Budget = new OrderBudgetOptions { OrdersPerTenantPerHour = 10, OrdersPerHour = 50 } };
        await using var first = new IssuanceDatabase(database.Compiler);
        await using var second = new IssuanceDatabase(database.Compiler);
        OrderBudget[] processes = [new(first, options, clock), new(second, options, clock)];

        var places = await Task.WhenAll(Enumerable.Range(0, 40).Select(i => processes[i % 2].TakeAsync(Directory, TestDatabase.ShopId, isRenewal: false, default)));

        Assert.Equal(8, places.Count(place => place.IsThere));
        Assert.All(places.Where(place => !place.IsThere), place => Assert.Equal((BudgetRule.Obstacle.Tenant, clock.Start + TimeSpan.FromHours(1)), (place.Obstacle, place.FreeAt)));
        Assert.True((await processes[0].TakeAsync(Directory, TestDatabase.ShopId, isRenewal: true, default)).IsThere);
        Assert.True((await processes[0].TakeAsync(Directory, TestDatabase.PaymentsId, isRenewal: false, default)).IsThere);
        Assert.True((await processes[0].TakeAsync(new Uri("https://other.example.net/"), TestDatabase.ShopId, isRenewal: false, default)).IsThere);

        // A process that starts anew counts what the others did.
        var third = new OrderBudget(second, options, clock);
        Assert.False((await third.LookAsync(Directory, TestDatabase.ShopId, isRenewal: false, default)).IsThere);
        await third.GiveBackAsync(places.First(place => place.IsThere), default);
        clock.Ahead = TimeSpan.FromMinutes(59);
        Assert.False((await third.LookAsync(Directory, TestDatabase.ShopId, isRenewal: false, default)).IsThere);
        clock.Ahead = TimeSpan.FromMinutes(61);
        Assert.True((await third.TakeAsync(Directory, TestDatabase.ShopId, isRenewal: false, default)).IsThere);
    }

    private sealed class SteppingClock : TimeProvider
    {
        public DateTimeOffset Start { get; } = new(2030, 1, 1, 0, 0, 0, TimeSpan.Zero);

        public TimeSpan Ahead { get; set; }

        public override DateTimeOffset GetUtcNow() => Start + Ahead;
    }
}
