using Xunit;

namespace Gatehouse.Api.Tests.Rest;

public sealed class LimitTests(LimitTests.Fixture api) : IClassFixture<LimitTests.Fixture>
{
    [Fact]
    public async Task Token_AboveItsRate_Gets429AndOthersDoNot()
    {
        var viewer = api.As("shop", "viewer");

        var answers = await Task.WhenAll(Enumerable.Range(0, 60).Select(_ => viewer.GetAsync("/api/v1/tenants/shop")));

        var refused = answers.First(answer => answer.Status == 429).ExpectProblem(429, "rate_limited");
        Assert.NotNull(refused.Headers.RetryAfter);
        Assert.Contains(answers, answer => answer.Status == 200);
        (await api.As("payments", "viewer").GetAsync("/api/v1/tenants/payments")).Expect(200);
        (await api.Client(null).GetAsync("/livez")).Expect(200);
    }

    public sealed class Fixture : ApiFixture
    {
        protected override ApiHostOptions Configure(ApiHostOptions options) => options with { RequestBurst = 40, RequestsPerSecond = 1 };
    }
}
