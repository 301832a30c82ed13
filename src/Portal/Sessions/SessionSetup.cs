using Gatehouse.Portal.Api;
using Microsoft.AspNetCore.Antiforgery;
using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.Authentication.Cookies;

namespace Gatehouse.Portal.Sessions;

/// <summary>Cookies, sign-in and sign-out.</summary>
internal static class SessionSetup
{
    public const string SignInPath = "/sign-in";

    public static IServiceCollection AddPortalSessions(this IServiceCollection services, PortalHostOptions options)
    {
        services.AddSingleton<SessionStore>();
        services.AddScoped<ApiSession>();
        services.AddScoped<SignInFlow>();
        services.AddAuthorization();
        services.AddCascadingAuthenticationState();
        services.AddAntiforgery(antiforgery => Harden(antiforgery.Cookie, "gatehouse-portal-form", options));
        services.AddAuthentication(CookieAuthenticationDefaults.AuthenticationScheme).AddCookie();
        services.AddOptions<CookieAuthenticationOptions>(CookieAuthenticationDefaults.AuthenticationScheme)
            .Configure<SessionStore>((cookies, sessions) =>
            {
                Harden(cookies.Cookie, "gatehouse-portal", options);
                cookies.SessionStore = sessions;
                cookies.SlidingExpiration = false;
                cookies.LoginPath = SignInPath;
                cookies.ReturnUrlParameter = "returnUrl";
            });
        return services;
    }

    public static void MapSignOut(this IEndpointRouteBuilder app) =>
        app.MapPost("/sign-out", async (HttpContext http, IAntiforgery antiforgery, ApiSession session, GatehouseApiClient api) =>
        {
            // Explicit: minimal APIs check a token only where a parameter binds from the form.
            if (!await antiforgery.IsRequestValidAsync(http)) return Results.BadRequest();
            session.Use(http.User);
            await api.SignOutAsync(http.RequestAborted);
            await http.SignOutAsync();
            return Results.LocalRedirect(SignInPath + "?signedOut=true");
        }).AllowAnonymous();

    /// <summary>Browsers accept the <c>__Host-</c> prefix (no domain, path <c>/</c>, set over TLS) only from https.</summary>
    private static void Harden(CookieBuilder cookie, string name, PortalHostOptions options)
    {
        cookie.Name = options.IsHttps ? "__Host-" + name : name;
        cookie.HttpOnly = true;
        cookie.Path = "/";
        cookie.SameSite = SameSiteMode.Strict;
        cookie.SecurePolicy = options.IsHttps ? CookieSecurePolicy.Always : CookieSecurePolicy.SameAsRequest;
    }
}
