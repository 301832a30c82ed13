using Gatehouse.Portal.Api;
using Gatehouse.Portal.Live;
using Gatehouse.Portal.Sessions;
using Gatehouse.Portal.Shell;
using Gatehouse.ServiceDefaults;
using Gatehouse.ServiceDefaults.Health;
using Microsoft.AspNetCore.DataProtection;

namespace Gatehouse.Portal;

/// <summary>The portal: Blazor pages over the REST API, as the user who is signed in. It has no database of its own.</summary>
public static class PortalHost
{
    /// <summary>Puts the portal together; the caller runs it.</summary>
    public static WebApplication Build(PortalHostOptions options)
    {
        ArgumentNullException.ThrowIfNull(options);
        // Static files lie beside the assembly, wherever the process was started.
        var builder = WebApplication.CreateBuilder(GatehouseHost.OptionsOf(typeof(PortalHost)));
        builder.WebHost.UseStaticWebAssets();
        builder.AddHostDefaults("gatehouse-portal");
        builder.WebHost.UseUrls(options.Url);
        // The keys are files that only this user may read; what else could encrypt them differs from host to host.
        builder.Logging.AddFilter("Microsoft.AspNetCore.DataProtection.KeyManagement.XmlKeyManager", LogLevel.Error);
        AddServices(builder.Services, options);
        return MapRequests(builder.Build(), options);
    }

    private static void AddServices(IServiceCollection services, PortalHostOptions options)
    {
        services.AddSingleton(options);
        services.AddSingleton(options.Clock);
        services.AddDataProtection()
            .SetApplicationName("gatehouse-portal")
            .PersistKeysToFileSystem(PrivateDirectory.Create(options.DataDirectory, "portal", "keys"));
        services.AddPortalSessions(options);
        services.AddApiClient(options);
        services.AddSingleton<Handover>();
        services.AddScoped<PageVisibility>();
        services.AddScoped<Notices>();
        services.AddRazorComponents().AddInteractiveServerComponents(circuits =>
            circuits.DisconnectedCircuitRetentionPeriod = TimeSpan.FromMinutes(3));
    }

    private static WebApplication MapRequests(WebApplication app, PortalHostOptions options)
    {
        if (options.IsHttps)
        {
            // What terminates TLS in front of us is configured, not guessed from headers that anybody may send.
            app.Use((http, next) =>
            {
                http.Request.Scheme = Uri.UriSchemeHttps;
                return next(http);
            });
        }
        app.UseSecurityHeaders();
        app.UseCircuitOrigin();
        app.UseExceptionHandler("/error", createScopeForErrors: true);
        app.UseStatusCodePagesWithReExecute("/not-found", createScopeForStatusCodePages: true);
        app.UseAuthentication();
        app.UseAuthorization();
        app.UseAntiforgery();
        app.MapHealth();
        app.MapStaticAssets();
        app.MapSignOut();
        app.MapRazorComponents<App>()
            .AddInteractiveServerRenderMode(circuits => circuits.ContentSecurityFrameAncestorsPolicy = null);
        return app;
    }
}
