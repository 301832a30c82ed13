using System.Text.Json;
using Xunit;

namespace Gatehouse.Api.Tests.Rest;

/// <summary>What the status of each kind says where no data plane is connected.</summary>
public sealed class KindStatusTests(ApiFixture api) : IClassFixture<ApiFixture>
{
    private const string Shop = "/api/v1/tenants/shop";

    [Fact]
    public async Task BackendTlsPolicy_OfARoutedBackend_HasItsGatewayAsAncestor()
    {
        var admin = api.As("shop", "admin");
        (await admin.PutAsync($"{Shop}/hostnames/policy.example.com", """{"spec":{}}""")).Expect(201);
        (await admin.PutAsync($"{Shop}/backends/secured", """{"spec":{"protocol":"https","endpoints":[{"address":"10.0.0.1","port":443}]}}""")).Expect(201);
        (await admin.PutAsync($"{Shop}/httproutes/secured", """{"spec":{"hostnames":["policy.example.com"],"rules":[{"backendRefs":[{"name":"secured"}]}]}}""")).Expect(201);
        (await admin.PutAsync($"{Shop}/backendtlspolicies/secured", Policy("secured"))).Expect(201);

        var policy = (await admin.GetAsync($"{Shop}/backendtlspolicies/secured?waitFor=Accepted&timeout=10s")).Expect(200).Json.GetProperty("status");

        var ancestor = Assert.Single(policy.GetProperty("ancestors").EnumerateArray());
        Assert.Equal("""{"group":"gateway.networking.k8s.io","kind":"Gateway","namespace":"platform","name":"default"}""", ancestor.GetProperty("ancestorRef").GetRawText());
        Assert.Equal("gatehouse.dev/gateway-controller", ancestor.GetProperty("controllerName").GetString());
        Assert.All(ancestor.GetProperty("conditions").EnumerateArray(), condition => Assert.True(condition.TryGetProperty("lastTransitionTime", out _)));
        Assert.Equal("NoReplica", Condition(policy, "Programmed").Reason);
    }

    [Fact]
    public async Task BackendTlsPolicy_WithoutTarget_IsNotAccepted()
    {
        var admin = api.As("shop", "admin");
        (await admin.PutAsync($"{Shop}/backendtlspolicies/aimless", Policy("nothing"))).Expect(201);

        var policy = (await admin.GetAsync($"{Shop}/backendtlspolicies/aimless?waitFor=Live&timeout=10s")).Expect(200).Json.GetProperty("status");

        Assert.Equal(("False", "TargetNotFound"), Condition(policy, "Accepted"));
        Assert.Equal(("False", "NotAccepted"), Condition(policy, "Live"));
    }

    [Theory]
    [InlineData("tcproutes", """{"rules":[{"backendRefs":[{"name":"b"}]}]}""")]
    [InlineData("udproutes", """{"rules":[{"backendRefs":[{"name":"b"}]}]}""")]
    [InlineData("tlsroutes", """{"hostnames":["unclaimed.example.com"],"rules":[{"backendRefs":[{"name":"b"}]}]}""")]
    [InlineData("grpcroutes", """{"hostnames":["unclaimed.example.com"],"rules":[{"backendRefs":[{"name":"b"}]}]}""")]
    public async Task Route_WithoutListener_EndsWaitingEarly(string plural, string spec)
    {
        (await api.As("shop", "editor").PutAsync($"{Shop}/{plural}/nowhere", $$"""{"spec":{{spec}}}""")).Expect(201);

        var route = (await api.As("shop", "editor").GetAsync($"{Shop}/{plural}/nowhere?waitFor=Live&timeout=20s")).Expect(200).Json.GetProperty("status");

        Assert.Equal(("False", "NoMatchingParent"), Condition(route, "Accepted"));
        Assert.Equal(("False", "NotAccepted"), Condition(route, "Live"));
    }

    private static string Policy(string target) => """
        {"spec":{"targetRefs":[{"group":"gatehouse.dev","kind":"Backend","name":"NAME"}],"validation":{"hostname":"b.example.com","wellKnownCACertificates":"System"}}}
        """.Replace("NAME", target, StringComparison.Ordinal);

    private static (string? Status, string? Reason) Condition(JsonElement status, string type) => status.GetProperty("conditions").EnumerateArray()
        .Where(condition => condition.GetProperty("type").GetString() == type)
        .Select(condition => (condition.GetProperty("status").GetString(), condition.GetProperty("reason").GetString())).Single();
}
