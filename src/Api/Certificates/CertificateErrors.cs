using Gatehouse.Api.Errors;
using Gatehouse.Gateway.Validation;

namespace Gatehouse.Api.Certificates;

/// <summary>Secrets cannot be encrypted, so none is taken.</summary>
internal sealed record NoKeyEncryptionKeyError() : Error(
    ErrorKind.Unavailable,
    "no_key_encryption_key",
    "This installation has no key-encryption key, so it stores no private keys and no kubeconfigs: a platform admin must configure one (GATEHOUSE_KEK_FILE).");

/// <summary>The private key that a certificate needs was not written.</summary>
internal static class KeyErrors
{
    public static InvalidError Missing { get; } = new("/spec/privateKey", ErrorCodes.Required, "Write the certificate's private key.");

    public static InvalidError OfAnother { get; } = new(
        "/spec/privateKey", ErrorCodes.Required, "The certificate has another public key than the private key that is stored: write its own private key.");
}
