using Xunit;

namespace Gatehouse.Issuance.Tests;

/// <summary>The settings file.</summary>
public sealed class IssuanceFileTests
{
    [Theory]
    [InlineData("{}", 30, 95)]
    [InlineData("""{"budget":{"ordersPerHour":500}}""", 30, 500)]
    [InlineData("""{"budget":{"ordersPerTenantPerHour":1,"ordersPerHour":2}}""", 1, 2)]
    public void Budget_Given_ReplacesTheDefault(string text, int perTenant, int all)
    {
        var budget = Read(text).Budget;
        Assert.Equal((perTenant, all), (budget.OrdersPerTenantPerHour, budget.OrdersPerHour));
    }

    [Theory]
    [InlineData("""{"budget":{"ordersPerHour":0}}""")]
    [InlineData("""{"budget":{"ordersPerTenantPerHour":-1}}""")]
    [InlineData("""{"budget":{"orders":5}}""")]
    public void Budget_ThatCannotBe_IsRefused(string text) =>
        Assert.Contains("budget", Assert.Throws<InvalidOperationException>(() => Read(text)).Message, StringComparison.Ordinal);

    private static IssuanceOptions Read(string text)
    {
        var file = Path.GetTempFileName();
        try
        {
            File.WriteAllText(file, text);
            return IssuanceFile.Read(file, new IssuanceOptions());
        }
        finally
        {
            File.Delete(file);
        }
    }
}
