using System.Globalization;
using Gatehouse.EndToEnd.Instances;
using Gatehouse.Testing.Backends;
using Xunit;

namespace Gatehouse.EndToEnd.Tenancy;

/// <summary>An instance where hostnames must be proven, a tenant that serves and one that means ill; each has its admin's token.</summary>
public sealed class VerifyingInstance : IAsyncLifetime
{
    /// <summary>Below the victim's own part of the base domain, so it needs no proof.</summary>
    public const string VictimHost = "www.victim.apps.localhost";

    private EchoBackend[] backends = [];
    private StandaloneInstance? instance;

    internal StandaloneInstance Instance => instance!;

    internal RestClient Api => Instance.Api;

    internal TrafficClient Traffic => Instance.Traffic;

    internal RestClient Victim { get; private set; } = null!;

    internal RestClient Hostile { get; private set; } = null!;

    public string HostileToken { get; private set; } = "";

    public async Task InitializeAsync()
    {
        backends = [await EchoBackend.StartAsync("v1"), await EchoBackend.StartAsync("v2")];
        instance = await StandaloneInstance.StartNewAsync("--hostname-verification", "required");
        await Objects.ServeAsync(Api, "victim", VictimHost, backends[0]);
        await Api.PutAsync("tenants/hostile", "{}");
        await Api.PutAsync("tenants/hostile/backends/v2", Objects.Backend(backends[1].Port));
        Victim = Api.As(await TokenAsync("victim"));
        HostileToken = await TokenAsync("hostile");
        Hostile = Api.As(HostileToken);
    }

    public async Task DisposeAsync()
    {
        if (instance is not null)
            await instance.DisposeAsync();
        foreach (var backend in backends)
            await backend.DisposeAsync();
    }

    private async Task<string> TokenAsync(string tenant)
    {
        var answer = await Api.PostAsync(string.Create(CultureInfo.InvariantCulture, $"tenants/{tenant}/tokens"), """{"name":"admin","role":"admin"}""");
        return (string)answer.Json["token"]!;
    }
}
