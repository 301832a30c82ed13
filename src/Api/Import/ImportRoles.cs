using Gatehouse.Api.Resources;
using Gatehouse.Persistence.Identity;

namespace Gatehouse.Api.Import;

/// <summary>Least roles for the objects of a tenant's import: those of REST; what REST does not write takes an admin.</summary>
internal static class ImportRoles
{
    public static string ToWrite(string kind) => TypeOf(kind)?.WriteRole ?? Role.Admin;

    public static string ToDelete(string kind) => TypeOf(kind)?.DeleteRole ?? Role.Admin;

    private static ResourceType? TypeOf(string kind) => ResourceType.All.FirstOrDefault(type => type.Kind == kind);
}
