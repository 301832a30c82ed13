using Gatehouse.Api.Errors;

namespace Gatehouse.Api.Hostnames;

internal static class HostnameErrors
{
    /// <summary>Says nothing of who holds the name, nor whether it is this one or one that covers it.</summary>
    public static Error Taken { get; } = new ConflictError(
        "hostname_taken", "The name, or one that covers it or lies below it, belongs to another tenant. Claim another name, or ask a platform admin.");
}
