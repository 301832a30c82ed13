using Gatehouse.Api.Errors;
using Gatehouse.Gateway.Validation;

namespace Gatehouse.Api.Certificates;

/// <summary>Secrets cannot be encrypted, so none is taken.</summary>
internal sealed record NoKeyEncryptionKeyError() : Error(
    ErrorKind.Unavailable,
    "no_key_encryption_key",
    "This installation has no key-encryption key, so it stores no private keys and no kubeconfigs: a platform admin must configure one (GATEHOUSE_KEK_FILE).");

/// <summary>A certificate that Gatehouse has issued for a Hostname, or one that was written as if it were.</summary>
internal sealed record ManagedCertificateError(string? Hostname) : Error(
    ErrorKind.Conflict,
    "managed_certificate",
    Hostname is null
        ? "Only Gatehouse sets managedFor, on certificates that it has issued: leave it out to upload a certificate of your own."
        : $"Gatehouse has this certificate issued for the Hostname `{Hostname}` and renews it: change that Hostname's spec.certificate instead, or upload a certificate of your own under another name.");

/// <summary>The private key that a certificate needs was not written.</summary>
internal static class KeyErrors
{
    public static InvalidError Missing { get; } = new("/spec/privateKey", ErrorCodes.Required, "Write the certificate's private key.");

    public static InvalidError OfAnother { get; } = new(
        "/spec/privateKey", ErrorCodes.Required, "The certificate has another public key than the private key that is stored: write its own private key.");
}
