using Xunit;

namespace Gatehouse.Api.Tests.Rest;

public sealed class ExplainTests(ApiFixture api) : IClassFixture<ApiFixture>
{
    [Fact]
    public async Task Explain_RequestOfAServedHost_NamesRuleAndBackends()
    {
        var editor = api.As("shop", "editor");
        (await editor.PutAsync("/api/v1/tenants/shop/backends/v1", """{"spec":{"endpoints":[{"address":"10.0.0.1","port":80}]}}""")).Expect(201);
        (await editor.PutAsync("/api/v1/tenants/shop/hostnames/why.example.com", """{"spec":{}}""")).Expect(201);
        (await editor.PutAsync("/api/v1/tenants/shop/httproutes/why", """
            {"spec":{"hostnames":["why.example.com"],"rules":[{"matches":[{"path":{"value":"/shop"}}],"backendRefs":[{"name":"v1"}]}]}}
            """)).Expect(201);
        (await editor.GetAsync("/api/v1/tenants/shop/httproutes/why?waitFor=Accepted&timeout=10s")).Expect(200);

        var found = (await editor.PostAsync("/api/v1/tenants/shop/explain", """{"method":"GET","url":"http://why.example.com/shop/cart","headers":{"x":"y"}}""")).Expect(200).Json;
        var missed = (await editor.PostAsync("/api/v1/tenants/shop/explain", """{"url":"http://why.example.com/other"}""")).Expect(200).Json;
        var foreign = (await api.As("payments", "viewer").PostAsync("/api/v1/tenants/payments/explain", """{"url":"http://why.example.com/shop"}""")).Expect(200);

        Assert.Equal("Forwarded", found.GetProperty("outcome").GetString());
        Assert.Equal("why", found.GetProperty("match").GetProperty("route").GetProperty("name").GetString());
        Assert.Equal(100, found.GetProperty("backends")[0].GetProperty("percent").GetDouble());
        Assert.Equal(("NoMatch", 404), (missed.GetProperty("outcome").GetString(), missed.GetProperty("status").GetInt32()));
        Assert.DoesNotContain("\"why\"", foreign.Text, StringComparison.Ordinal);
        Assert.DoesNotContain("v1", foreign.Text, StringComparison.Ordinal);
        (await editor.PostAsync("/api/v1/tenants/shop/explain", """{"url":"why.example.com"}""")).ExpectProblem(422, "invalid").ExpectField("/url", "invalid_format");
        (await editor.PostAsync("/api/v1/tenants/shop/explain", """{"url":"http://why.example.com","address":"x"}""")).ExpectProblem(422, "invalid").ExpectField("/address", "invalid_format");
    }
}
