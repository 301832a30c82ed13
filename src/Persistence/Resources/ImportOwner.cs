namespace Gatehouse.Persistence.Resources;

/// <summary>Who an imported object belongs to: only the same importer's same source updates or prunes it.</summary>
/// <param name="Scope"><see cref="PlatformScope"/>, or <see cref="TenantScope"/>: the tenant that the object lies in.</param>
/// <param name="Source">Name that the importer gave its set of manifests.</param>
public sealed record ImportOwner(string Scope, string Source)
{
    /// <summary>A platform admin's import over all tenants.</summary>
    public const string PlatformScope = "platform";

    /// <summary>An import of the object's own tenant.</summary>
    public const string TenantScope = "tenant";

    /// <summary><c>scope/source</c>.</summary>
    public override string ToString() => $"{Scope}/{Source}";
}
