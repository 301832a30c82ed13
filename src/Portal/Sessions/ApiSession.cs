using System.Security.Claims;
using Microsoft.AspNetCore.Components.Authorization;

namespace Gatehouse.Portal.Sessions;

/// <summary>The API token of whoever this request or circuit belongs to, looked up for each call: a sign-out in one tab ends the others.</summary>
internal sealed class ApiSession(SessionStore sessions, IServiceProvider scope)
{
    private ClaimsPrincipal? known;

    /// <summary>For requests outside Razor components, which have no authentication state.</summary>
    public void Use(ClaimsPrincipal user) => known = user;

    public async Task<string?> FindTokenAsync()
    {
        var user = known ?? (await scope.GetRequiredService<AuthenticationStateProvider>().GetAuthenticationStateAsync()).User;
        return await sessions.FindTokenAsync(user);
    }
}
