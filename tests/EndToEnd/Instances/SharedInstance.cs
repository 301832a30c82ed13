using Gatehouse.Testing.Backends;
using Xunit;

// Each test drives whole processes; side by side they would only measure each other.
[assembly: CollectionBehavior(DisableTestParallelization = true)]

namespace Gatehouse.EndToEnd.Instances;

/// <summary>One running instance and three backends, for tests that leave the processes alone and use tenants of their own.</summary>
public sealed class SharedInstance : IAsyncLifetime
{
    private StandaloneInstance? instance;
    private EchoBackend[] backends = [];

    internal StandaloneInstance Instance => instance!;

    internal RestClient Api => Instance.Api;

    internal TrafficClient Traffic => Instance.Traffic;

    public EchoBackend V1 => backends[0];

    public EchoBackend V2 => backends[1];

    public EchoBackend V3 => backends[2];

    public async Task InitializeAsync()
    {
        backends = [await EchoBackend.StartAsync("v1"), await EchoBackend.StartAsync("v2"), await EchoBackend.StartAsync("v3")];
        instance = await StandaloneInstance.StartNewAsync();
    }

    public async Task DisposeAsync()
    {
        if (instance is not null)
            await instance.DisposeAsync();
        foreach (var backend in backends)
            await backend.DisposeAsync();
    }
}

/// <summary>Tests that share the instance.</summary>
[CollectionDefinition(Name)]
public sealed class SharedInstanceTests : ICollectionFixture<SharedInstance>
{
    public const string Name = "shared instance";
}
