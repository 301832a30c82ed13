using Gatehouse.Api.Errors;

namespace Gatehouse.Api.Hostnames;

internal static class HostnameErrors
{
    public static Error NoManagedCertificate { get; } = new ConflictError(
        "no_managed_certificate", "The hostname has no managed certificate: one that was uploaded is revoked where it was issued.");

    /// <summary>Says nothing of who holds the name, nor whether it is this one or one that covers it.</summary>
    public static Error Taken { get; } = new ConflictError(
        "hostname_taken", "The name, or one that covers it or lies below it, belongs to another tenant. Claim another name, or ask a platform admin.");
}
