using System.Net;
using Gatehouse.EndToEnd.Instances;
using Xunit;

namespace Gatehouse.EndToEnd.Tenancy;

/// <summary>A backend of another tenant serves only while that tenant grants it.</summary>
[Collection(SharedInstanceTests.Name)]
public sealed class CrossTenantTests(SharedInstance shared)
{
    private const string Host = "cross.example.com";

    [Fact]
    public async Task ForeignBackend_WithoutWithAndAgainWithoutGrant_IsRefusedServedAndRefused()
    {
        var api = shared.Api;
        await api.PutAsync("tenants/payer", "{}");
        await api.PutAsync("tenants/payee", "{}");
        await api.PutAsync("tenants/payee/backends/api", Objects.Backend(shared.V3.Port));
        await api.PutAsync($"tenants/payer/hostnames/{Host}", Objects.Empty);
        await api.PutAsync("tenants/payer/httproutes/pay", Objects.Route(Host, Objects.ForeignRef("payee", "api")));
        await shared.Traffic.WaitForAsync(Host, (status, _) => status == HttpStatusCode.InternalServerError);

        var refused = (await api.GetAsync("tenants/payer/httproutes/pay")).Condition("ResolvedRefs");
        await api.PutAsync("tenants/payee/referencegrants/payer", Objects.Grant("payer"));
        var granted = await shared.Traffic.WaitForAsync(Host, (status, body) => status == HttpStatusCode.OK && body == "v3", seconds: 2);
        var resolved = (await api.WaitUntilLiveAsync("tenants/payer/httproutes/pay")).Condition("ResolvedRefs");
        Assert.Equal(HttpStatusCode.NoContent, (await api.DeleteAsync("tenants/payee/referencegrants/payer")).Status);
        var revoked = await shared.Traffic.WaitForAsync(Host, (status, _) => status == HttpStatusCode.InternalServerError, seconds: 2);

        Assert.Equal(("False", "RefNotPermitted"), (refused?.Status, refused?.Reason));
        Assert.All(new[] { "ReferenceGrant", "payee", "payer", "api" }, word => Assert.Contains(word, refused!.Value.Message, StringComparison.Ordinal));
        Assert.Equal("True", resolved?.Status);
        Assert.True(granted < TimeSpan.FromSeconds(1), $"granted after {granted}");
        Assert.True(revoked < TimeSpan.FromSeconds(1), $"revoked after {revoked}");
    }

    [Fact]
    public async Task MissingForeignBackend_WithoutGrant_IsRefusedInTheSameWords()
    {
        var api = shared.Api;
        await api.PutAsync("tenants/asker", "{}");
        await api.PutAsync("tenants/hider", "{}");
        await api.PutAsync("tenants/hider/backends/there", Objects.Backend(shared.V3.Port));
        await api.PutAsync("tenants/asker/hostnames/ask.example.com", Objects.Empty);
        await api.PutAsync("tenants/asker/httproutes/a", Objects.Route("ask.example.com", Objects.ForeignRef("hider", "there")));
        await api.PutAsync("tenants/asker/httproutes/b", Objects.Route("ask.example.com", Objects.ForeignRef("hider", "gone")));
        await shared.Traffic.WaitForAsync("ask.example.com", (status, _) => status == HttpStatusCode.InternalServerError);

        var there = (await api.GetAsync("tenants/asker/httproutes/a")).Condition("ResolvedRefs");
        var gone = (await api.GetAsync("tenants/asker/httproutes/b?waitFor=Live&timeout=3s")).Condition("ResolvedRefs")
            ?? (await api.GetAsync("tenants/asker/httproutes/b")).Condition("ResolvedRefs");

        Assert.Equal(there?.Reason, gone?.Reason);
        Assert.Equal(there?.Message, gone?.Message.Replace("gone", "there", StringComparison.Ordinal));
    }
}
