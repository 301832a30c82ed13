using Gatehouse.Contracts.Api;
using Gatehouse.Persistence.Identity;

namespace Gatehouse.Api.Users;

/// <summary>Between user rows and documents.</summary>
internal static class UserMapping
{
    public static UserView ToDocument(this User user, bool platformAdmin) => new()
    {
        Name = user.UserName ?? "",
        Id = user.Id,
        DisplayName = user.DisplayName,
        PlatformAdmin = platformAdmin,
        Disabled = user.Disabled,
        CreatedAt = user.CreatedAt,
    };

    public static string PathOf(User user) => $"{ApiEndpoints.Base}/users/{Uri.EscapeDataString(user.UserName ?? user.Id.ToString())}";
}
