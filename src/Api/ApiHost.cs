using System.Security.Cryptography.X509Certificates;
using Gatehouse.Api.Access;
using Gatehouse.Api.Bodies;
using Gatehouse.Api.Errors;
using Gatehouse.Api.Limits;
using Gatehouse.Api.OpenApi;
using Gatehouse.Control.Feed;
using Gatehouse.ServiceDefaults;
using Gatehouse.ServiceDefaults.Health;
using Microsoft.Extensions.DependencyInjection.Extensions;

namespace Gatehouse.Api;

/// <summary>The API host: REST, identity, OpenAPI and the config feed.</summary>
public static class ApiHost
{
    /// <summary>Builds the host; the caller starts and stops it. It starts, and answers 503, while Postgres is away.</summary>
    /// <param name="options">Settings.</param>
    public static WebApplication Build(ApiHostOptions options) => Build(options, static _ => { });

    /// <summary>The host without anything that runs in the background, to describe its endpoints.</summary>
    internal static WebApplication BuildDescription() => Build(
        new ApiHostOptions { Database = new Secret("Host=nowhere"), CompilerDatabase = new Secret("Host=nowhere") },
        static services => services.RemoveAll<IHostedService>());

    private static void UseTls(ConfigureWebHostBuilder host, string certificateFile, string? keyFile)
    {
        var chain = new X509Certificate2Collection();
        chain.ImportFromPemFile(certificateFile);
        var certificate = X509Certificate2.CreateFromPemFile(certificateFile, keyFile);
        host.UseKestrelHttpsConfiguration();
        host.ConfigureKestrel(kestrel => kestrel.ConfigureHttpsDefaults(https => (https.ServerCertificate, https.ServerCertificateChain) = (certificate, chain)));
    }

    private static WebApplication Build(ApiHostOptions options, Action<IServiceCollection> adapt)
    {
        var builder = WebApplication.CreateSlimBuilder(GatehouseHost.OptionsOf(typeof(ApiHost)));
        builder.AddHostDefaults("gatehouse-api");
        builder.WebHost.UseUrls(options.Url);
        builder.WebHost.ConfigureKestrel(static kestrel => kestrel.Limits.MaxRequestBodySize = JsonBody.MaxBytes);
        if (options.CertificateFile is { } certificate)
            UseTls(builder.WebHost, certificate, options.CertificateKeyFile);
        builder.Services.AddApi(options);
        builder.Services.AddApiDescription();
        adapt(builder.Services);

        var app = builder.Build();
        app.UseMiddleware<SecurityHeaders>();
        app.UseMiddleware<FailureMiddleware>();
        app.UseApiDescription();
        app.UseRouting();
        app.UseMiddleware<RateMiddleware>();
        app.UseMiddleware<AccessMiddleware>();
        app.MapHealth();
        app.MapApi();
        app.MapConfigFeed();
        return app;
    }
}
