using System.Security.Cryptography;
using System.Text;

namespace Gatehouse.Persistence.PrivateKeys;

/// <summary>The KEKs that are configured now. A file is read again when it changes, so that rotating needs no restart.</summary>
public sealed class KeyRingSource
{
    private readonly string? _file;
    private volatile KeyRing? _current;
    private byte[] _seen = [];

    private KeyRingSource(string? file, KeyRing? ring) => (_file, _current) = (file, ring);

    /// <summary>No KEK: private keys can be neither stored nor read.</summary>
    public static KeyRingSource None => new(null, null);

    /// <summary>The KEKs; null: none are configured.</summary>
    public KeyRing? Current => _current;

    /// <summary>KEKs from a file (its path) or from text (of a variable); null for both: none.</summary>
    /// <exception cref="KeyRingException">They cannot be read.</exception>
    public static KeyRingSource Open(string? file, string? text)
    {
        if (file is not null && text is not null)
            throw new KeyRingException("Set GATEHOUSE_KEK_FILE or GATEHOUSE_KEK, not both.");
        if (text is not null)
            return new KeyRingSource(null, Parse("GATEHOUSE_KEK", text));
        if (file is null)
            return None;
        var source = new KeyRingSource(file, null);
        source.Reload();
        return source;
    }

    /// <summary>Reads the file again if it changed; what was read before stays if it cannot be read.</summary>
    /// <returns>Whether there are other KEKs now.</returns>
    /// <exception cref="KeyRingException">The file cannot be read.</exception>
    public bool Reload()
    {
        if (_file is null)
            return false;
        try
        {
            // The content tells, not the time: Kubernetes replaces a secret's file by moving a link that lies elsewhere.
            var content = File.ReadAllBytes(_file);
            var hash = SHA256.HashData(content);
            if (hash.AsSpan().SequenceEqual(_seen))
                return false;
            var ring = Parse(_file, Encoding.UTF8.GetString(content));
            CryptographicOperations.ZeroMemory(content);
            (_current, _seen) = (ring, hash);
            return true;
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException)
        {
            throw new KeyRingException($"The key-encryption keys in {_file} cannot be read ({failure.Message}): restore the file, or make it readable.", failure);
        }
    }

    private static KeyRing Parse(string where, string text)
    {
        try
        {
            return KeyRing.Parse(text);
        }
        catch (KeyRingException failure)
        {
            throw new KeyRingException($"The key-encryption keys in {where} cannot be used: {failure.Message}.", failure);
        }
    }
}
