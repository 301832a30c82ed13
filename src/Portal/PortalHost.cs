using Gatehouse.Portal.Api;
using Gatehouse.Portal.Live;
using Gatehouse.Portal.Sessions;
using Gatehouse.Portal.Shell;
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
        var builder = WebApplication.CreateBuilder(new WebApplicationOptions { ContentRootPath = AppContext.BaseDirectory });
        builder.WebHost.UseStaticWebAssets();
        builder.WebHost.UseUrls(options.Listen.GetLeftPart(UriPartial.Authority));
        builder.WebHost.ConfigureKestrel(kestrel => kestrel.AddServerHeader = false);
        AddServices(builder.Services, options);
        return MapRequests(builder.Build(), options);
    }

    private static void AddServices(IServiceCollection services, PortalHostOptions options)
    {
        services.AddSingleton(options);
        services.AddSingleton(TimeProvider.System);
        services.AddDataProtection()
            .SetApplicationName("gatehouse-portal")
            .PersistKeysToFileSystem(PrivateDirectory.Create(options.DataDirectory, "portal", "keys"));
        services.AddPortalSessions(options);
        services.AddApiClient(options);
        services.AddScoped<PageVisibility>();
        services.AddRazorComponents().AddInteractiveServerComponents(circuits =>
            circuits.DisconnectedCircuitRetentionPeriod = TimeSpan.FromMinutes(3));
        services.AddHealthChecks();
    }

    private static WebApplication MapRequests(WebApplication app, PortalHostOptions options)
    {
        if (options.PublicUrl is { } url)
        {
            // What terminates TLS in front of us is configured, not guessed from headers that anybody may send.
            app.Use((http, next) =>
            {
                http.Request.Scheme = url.Scheme;
                return next(http);
            });
        }
        app.UseSecurityHeaders();
        app.UseExceptionHandler("/error", createScopeForErrors: true);
        app.UseStatusCodePagesWithReExecute("/not-found", createScopeForStatusCodePages: true);
        app.UseAuthentication();
        app.UseAuthorization();
        app.UseAntiforgery();
        app.MapHealthChecks("/livez").AllowAnonymous();
        app.MapHealthChecks("/readyz").AllowAnonymous();
        app.MapStaticAssets();
        app.MapSignOut();
        app.MapRazorComponents<App>()
            .AddInteractiveServerRenderMode(circuits => circuits.ContentSecurityFrameAncestorsPolicy = null);
        return app;
    }
}
