using System.Collections.Immutable;
using System.Net;
using Gatehouse.Api;
using Gatehouse.Control.Clusters;
using Gatehouse.Control.Compiling;
using Gatehouse.Issuance;
using Gatehouse.Persistence.PrivateKeys;
using Gatehouse.Portal;
using Gatehouse.ServiceDefaults;
using Gatehouse.Standalone.DataPlanes;
using Gatehouse.Standalone.Instance;
using Gatehouse.Standalone.Options;
using Gatehouse.Standalone.Postgres;
using Gatehouse.Sync;

namespace Gatehouse.Standalone.Up;

/// <summary>The hosts of the control process: API, portal and sync, each as it also runs alone.</summary>
internal sealed class Hosts : IAsyncDisposable
{
    private static readonly TimeSpan StopPatience = TimeSpan.FromSeconds(10);

    private readonly ImmutableArray<WebApplication> all;

    private Hosts(ImmutableArray<WebApplication> all, CompileHost compileHost) => (this.all, CompileHost) = (all, compileHost);

    /// <summary>What is compiled now.</summary>
    public CompileHost CompileHost { get; }

    public static Hosts Build(UpOptions options, DataDirectory data, DatabaseLogins logins, Secrets secrets, KeyRingSource keys, Uri sync)
    {
        var api = ApiHost.Build(new ApiHostOptions
        {
            Url = options.Api.GetLeftPart(UriPartial.Authority),
            Database = new Secret(logins.App),
            CompilerDatabase = new Secret(logins.Compiler),
            AdminToken = options.AdminToken ?? new Secret(secrets.AdminToken),
            AdminPassword = new Secret(secrets.AdminPassword),
            BaseDomain = options.BaseDomain,
            HostnameVerification = options.HostnameVerification,
            DataPlaneCredentials = new Dictionary<string, Secret> { [DataPlaneProcess.Pool] = new(secrets.DataPlaneCredential) },
            Keys = keys,
            Issuance = IssuanceOf(options),
            DataDirectory = data.Keys,
        });
        var portal = PortalHost.Build(new PortalHostOptions
        {
            Url = options.Portal.GetLeftPart(UriPartial.Authority),
            ApiUrl = Ports.FromHere(options.Api).GetLeftPart(UriPartial.Authority),
            DataDirectory = data.Keys,
        });
        var compileHost = api.Services.GetRequiredService<CompileHost>();
        // One process compiles once: sync follows the API's compile host.
        var worker = SyncHost.Build(new SyncHostOptions
        {
            Url = sync.GetLeftPart(UriPartial.Authority),
            CompilerDatabase = new Secret(logins.Compiler),
            CompileHost = compileHost,
            ClusterStore = api.Services.GetRequiredService<IClusterStore>(),
        });
        return new Hosts([api, portal, worker], compileHost);
    }

    // The one data plane is here, so where it is bound says where names must lead; behind something else the file says it.
    private static IssuanceOptions IssuanceOf(UpOptions options)
    {
        var bound = IPAddress.Parse(options.Bind);
        var here = new IssuanceOptions
        {
            EdgeAddresses = bound.Equals(IPAddress.Any) || bound.Equals(IPAddress.IPv6Any) ? [] : [bound],
            HttpPort = options.Publish.FirstOrDefault(published => published.Listener == 80)?.Bound ?? 80,
        };
        try
        {
            return options.IssuanceFile is { } file ? IssuanceFile.Read(file, here) : here;
        }
        catch (InvalidOperationException failure)
        {
            throw new StartupFailure(failure.Message, failure);
        }
    }

    public Task StartAsync(CancellationToken cancellationToken) => Task.WhenAll(all.Select(host => host.StartAsync(cancellationToken)));

    /// <summary>Stops them in the reverse order, each within a bounded time.</summary>
    public async Task StopAsync()
    {
        foreach (var host in all.Reverse())
        {
            using var patience = new CancellationTokenSource(StopPatience);
            await host.StopAsync(patience.Token).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }

    public async ValueTask DisposeAsync()
    {
        foreach (var host in all)
            await host.DisposeAsync().ConfigureAwait(false);
    }
}
