using System.Security.Claims;
using Gatehouse.Contracts.Api;
using Gatehouse.Portal.Api;
using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.Authentication.Cookies;

namespace Gatehouse.Portal.Sessions;

/// <summary>Signs in at the API and opens a portal session for the token that it gives.</summary>
internal sealed class SignInFlow(GatehouseApiClient api, ApiSession session, SessionStore sessions)
{
    /// <returns>Null once signed in, otherwise what went wrong.</returns>
    public async Task<ApiFailure?> SignInAsync(HttpContext http, string email, string password)
    {
        var login = await api.SignInAsync(email, password, http.RequestAborted);
        if (login.Failure is not null) return login.Failure;
        var me = await api.GetMeAsync(login.Value!.Token, http.RequestAborted);
        if (me.Failure is not null) return me.Failure;

        // Whoever was signed in here before is not any more.
        if (SessionStore.PreviousOf(http) is { } previous)
        {
            session.Use(previous);
            await api.SignOutAsync(http.RequestAborted);
            await sessions.RemoveAsync(previous);
        }
        var properties = new AuthenticationProperties { IsPersistent = true, ExpiresUtc = login.Value.ExpiresAt };
        properties.StoreTokens([new AuthenticationToken { Name = PortalClaims.ApiToken, Value = login.Value.Token }]);
        await http.SignInAsync(new ClaimsPrincipal(Identify(me.Value!)), properties);
        return null;
    }

    private static ClaimsIdentity Identify(Me me) => new(
        [
            new Claim(PortalClaims.PlatformAdmin, me.PlatformAdmin ? "true" : "false"),
            new Claim(ClaimTypes.Name, me.DisplayName is { Length: > 0 } name ? name : me.Name),
            new Claim(ClaimTypes.Email, me.Name),
        ],
        CookieAuthenticationDefaults.AuthenticationScheme);

    /// <summary>Only paths of this site: a link to the sign-in page must not lead elsewhere afterwards.</summary>
    public static string LocalOrHome(string? returnUrl) =>
        returnUrl is ['/', ..] and not ['/', '/' or '\\', ..] && !returnUrl.Any(char.IsControl) ? returnUrl : "/";
}
