using Gatehouse.Api.Preconditions;
using Gatehouse.Contracts.Api;
using Gatehouse.Persistence.Identity;

namespace Gatehouse.Api.Members;

/// <summary>Between membership rows and documents.</summary>
internal static class MemberMapping
{
    public static MemberView ToDocument(this Membership member, User user, string tenant) => new()
    {
        Name = user.UserName ?? "",
        Tenant = tenant,
        Id = user.Id,
        Role = member.Role,
        CreatedAt = member.CreatedAt,
    };

    public static string ETag(this Membership member) => EntityTags.Of(member.UserId, member.Version);
}
