using System.Net;
using System.Net.Http.Headers;
using System.Net.Http.Json;
using Gatehouse.Contracts.Feed;
using Gatehouse.Control;
using Gatehouse.Control.Clusters;
using Gatehouse.Control.Compiling;
using Gatehouse.Control.Feed;
using Gatehouse.Control.Replicas;
using Gatehouse.Control.Status;
using Gatehouse.Persistence.Revisions;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace Gatehouse.Api.Tests.Control;

/// <summary>A control process: compile host, feed and status reader in a real web server.</summary>
public sealed class ControlProcess : IAsyncDisposable
{
    public const string Credential = "credential-of-default";

    private readonly WebApplication _app;

    private ControlProcess(WebApplication app)
    {
        _app = app;
        Client = new HttpClient { BaseAddress = new Uri(app.Urls.First()), Timeout = Timeout.InfiniteTimeSpan };
        Client.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", Credential);
    }

    public HttpClient Client { get; }

    public CompileHost Host => _app.Services.GetRequiredService<CompileHost>();

    public StatusReader Statuses => _app.Services.GetRequiredService<StatusReader>();

    public ReplicaRegistry Replicas => _app.Services.GetRequiredService<ReplicaRegistry>();

    public IClusterStore Clusters => _app.Services.GetRequiredService<IClusterStore>();

    public IClusterReports Reports => _app.Services.GetRequiredService<IClusterReports>();

    public RevisionSignal Signal => _app.Services.GetRequiredService<RevisionSignal>();

    public T Service<T>()
        where T : notnull => _app.Services.GetRequiredService<T>();

    public static async Task<ControlProcess> StartAsync(string compilerDatabase, Func<ControlOptions, ControlOptions>? configure = null, Action<IServiceCollection>? services = null)
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        var options = new ControlOptions
        {
            CompilerDatabase = compilerDatabase,
            Compiler = new() { HostnameVerification = false },
            DataPlaneCredentials = new Dictionary<string, string> { ["default"] = Credential, ["other"] = "credential-of-other" },
        };
        services?.Invoke(builder.Services);
        builder.Services.AddControl(configure?.Invoke(options) ?? options);
        var app = builder.Build();
        app.MapConfigFeed();
        await app.StartAsync();
        return new ControlProcess(app);
    }

    public async Task<HttpStatusCode> AcknowledgeAsync(Acknowledgement acknowledgement)
    {
        using var response = await Client.PostAsJsonAsync("/internal/v1/acks", acknowledgement);
        return response.StatusCode;
    }

    /// <summary>Stops without waiting for open streams, as a data plane sees a crash.</summary>
    public async ValueTask DisposeAsync()
    {
        Client.Dispose();
        await _app.StopAsync();
        await _app.DisposeAsync();
    }
}
