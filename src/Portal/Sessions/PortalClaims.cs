using System.Security.Claims;

namespace Gatehouse.Portal.Sessions;

/// <summary>Names of what a session knows of its user. The claims stay on the server.</summary>
internal static class PortalClaims
{
    public const string SessionKey = "gatehouse:session";
    public const string PlatformAdmin = "gatehouse:platform-admin";
    public const string ApiToken = "api";

    public static bool IsPlatformAdmin(this ClaimsPrincipal user) => user.HasClaim(PlatformAdmin, "true");
}
