using System.Globalization;
using System.Security.Cryptography;
using System.Text;

namespace Gatehouse.Persistence.PrivateKeys;

/// <summary>What a secret is and whose: bound to both ciphertexts, so that a row that was moved or set back does not decrypt.</summary>
public abstract record SecretIdentity
{
    /// <summary>What the secret is; no two kinds share it.</summary>
    internal abstract string Secret { get; }

    /// <summary>What its data key is; no two kinds share it.</summary>
    internal abstract string DataKey { get; }

    /// <summary>Whose it is, one part a line; no part holds a line break.</summary>
    internal abstract string Owner { get; }
}

/// <summary>Whose private key it is.</summary>
/// <param name="TenantId">Tenant.</param>
/// <param name="Name">Name of the certificate.</param>
/// <param name="Version">Version of the row; grows with each key that is written.</param>
/// <param name="KeyFingerprint">SHA-256 of the SubjectPublicKeyInfo that the certificate has now: an older row's key belongs to another one.</param>
public sealed record KeyIdentity(Guid TenantId, string Name, long Version, string KeyFingerprint) : SecretIdentity
{
    internal override string Secret => "private key";

    internal override string DataKey => "data key";

    internal override string Owner => string.Create(CultureInfo.InvariantCulture, $"{TenantId:D}\n{Name}\n{Version}\n{KeyFingerprint}");
}

/// <summary>Whose kubeconfig it is.</summary>
/// <param name="ClusterId">Id of the Cluster.</param>
/// <param name="Name">Name of the Cluster.</param>
/// <param name="Version">Version of the row; grows with each kubeconfig that is written.</param>
public sealed record CredentialIdentity(Guid ClusterId, string Name, long Version) : SecretIdentity
{
    internal override string Secret => "kubeconfig";

    internal override string DataKey => "kubeconfig data key";

    internal override string Owner => string.Create(CultureInfo.InvariantCulture, $"{ClusterId:D}\n{Name}\n{Version}");
}

/// <summary>A secret as it is stored.</summary>
/// <param name="KekId">The KEK that wraps the data key.</param>
/// <param name="WrappedKey">The data key of this row alone, encrypted with the KEK.</param>
/// <param name="Ciphertext">The secret, encrypted with the data key.</param>
public sealed record SealedKey(string KekId, byte[] WrappedKey, byte[] Ciphertext);

/// <summary>
/// Envelope encryption: AES-256-GCM with a fresh data key for each secret, wrapped with AES-256-GCM by a KEK. Rotating
/// the KEK wraps data keys anew and leaves ciphertexts alone.
/// </summary>
public static class KeyEnvelope
{
    private const int NonceSize = 12;
    private const int TagSize = 16;

    /// <summary>Encrypts.</summary>
    /// <param name="ring">KEKs.</param>
    /// <param name="identity">What it is, and whose.</param>
    /// <param name="secret">A private key as PKCS#8, or a kubeconfig as UTF-8.</param>
    public static SealedKey Seal(KeyRing ring, SecretIdentity identity, ReadOnlySpan<byte> secret)
    {
        ArgumentNullException.ThrowIfNull(ring);
        ArgumentNullException.ThrowIfNull(identity);
        Span<byte> dataKey = stackalloc byte[KeyRing.KeySize];
        try
        {
            RandomNumberGenerator.Fill(dataKey);
            var ciphertext = Encrypt(dataKey, secret, DataOf(identity.Secret, "", identity));
            return new SealedKey(ring.ActiveId, Wrap(ring, ring.ActiveId, identity, dataKey), ciphertext);
        }
        finally
        {
            CryptographicOperations.ZeroMemory(dataKey);
        }
    }

    /// <summary>Decrypts; the caller overwrites what it gets.</summary>
    /// <exception cref="UnreadableKeyException">The KEK is missing, or the row is not what was stored for this identity.</exception>
    public static byte[] Open(KeyRing ring, SecretIdentity identity, SealedKey key)
    {
        ArgumentNullException.ThrowIfNull(identity);
        ArgumentNullException.ThrowIfNull(key);
        var dataKey = Unwrap(ring, identity, key.KekId, key.WrappedKey);
        try
        {
            return Decrypt(dataKey, key.Ciphertext, DataOf(identity.Secret, "", identity));
        }
        catch (CryptographicException)
        {
            throw new UnreadableKeyException(key.KekId, isMissing: false);
        }
        finally
        {
            CryptographicOperations.ZeroMemory(dataKey);
        }
    }

    /// <summary>Checks that a row belongs to an identity and can be decrypted.</summary>
    /// <exception cref="UnreadableKeyException">The KEK is missing, or the row is not what was stored for this identity.</exception>
    public static void Check(KeyRing ring, SecretIdentity identity, string kekId, byte[] wrappedKey) =>
        CryptographicOperations.ZeroMemory(Unwrap(ring, identity, kekId, wrappedKey));

    /// <summary>Wraps the data key with the active KEK instead.</summary>
    /// <exception cref="UnreadableKeyException">The KEK is missing, or the row is not what was stored for this identity.</exception>
    public static byte[] Rewrap(KeyRing ring, SecretIdentity identity, string kekId, byte[] wrappedKey)
    {
        ArgumentNullException.ThrowIfNull(ring);
        ArgumentNullException.ThrowIfNull(identity);
        var dataKey = Unwrap(ring, identity, kekId, wrappedKey);
        try
        {
            return Wrap(ring, ring.ActiveId, identity, dataKey);
        }
        finally
        {
            CryptographicOperations.ZeroMemory(dataKey);
        }
    }

    private static byte[] Wrap(KeyRing ring, string kekId, SecretIdentity identity, ReadOnlySpan<byte> dataKey) =>
        ring.TryGet(kekId, out var kek)
            ? Encrypt(kek, dataKey, DataOf(identity.DataKey, kekId, identity))
            : throw new UnreadableKeyException(kekId, isMissing: true);

    private static byte[] Unwrap(KeyRing ring, SecretIdentity identity, string kekId, byte[] wrappedKey)
    {
        ArgumentNullException.ThrowIfNull(ring);
        if (!ring.TryGet(kekId, out var kek))
            throw new UnreadableKeyException(kekId, isMissing: true);
        try
        {
            return Decrypt(kek, wrappedKey, DataOf(identity.DataKey, kekId, identity));
        }
        catch (CryptographicException)
        {
            throw new UnreadableKeyException(kekId, isMissing: false);
        }
    }

    // Names and ids hold no line breaks, so the text is unambiguous.
    private static byte[] DataOf(string what, string kekId, SecretIdentity identity) =>
        Encoding.UTF8.GetBytes($"gatehouse {what} 1\n{kekId}\n{identity.Owner}");

    /// <summary>Nonce, tag, ciphertext.</summary>
    private static byte[] Encrypt(ReadOnlySpan<byte> key, ReadOnlySpan<byte> content, byte[] associated)
    {
        var result = new byte[NonceSize + TagSize + content.Length];
        var nonce = result.AsSpan(0, NonceSize);
        RandomNumberGenerator.Fill(nonce);
        using var aes = new AesGcm(key, TagSize);
        aes.Encrypt(nonce, content, result.AsSpan(NonceSize + TagSize), result.AsSpan(NonceSize, TagSize), associated);
        return result;
    }

    private static byte[] Decrypt(ReadOnlySpan<byte> key, byte[] box, byte[] associated)
    {
        if (box.Length < NonceSize + TagSize)
            throw new CryptographicException();
        var content = new byte[box.Length - NonceSize - TagSize];
        using var aes = new AesGcm(key, TagSize);
        aes.Decrypt(box.AsSpan(0, NonceSize), box.AsSpan(NonceSize + TagSize), box.AsSpan(NonceSize, TagSize), content, associated);
        return content;
    }
}

/// <summary>A stored secret that does not decrypt.</summary>
public sealed class UnreadableKeyException : Exception
{
    /// <summary>Creates the exception.</summary>
    public UnreadableKeyException(string kekId, bool isMissing)
        : base(isMissing ? $"key-encryption key `{kekId}` is not configured" : $"it does not decrypt with key-encryption key `{kekId}`: the row was altered, or the key is another one") =>
        IsMissing = isMissing;

    /// <summary>Whether the KEK is not configured; otherwise the row does not belong here.</summary>
    public bool IsMissing { get; }
}
