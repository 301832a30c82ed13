using System.Security.Cryptography;
using System.Text;

namespace Gatehouse.Persistence.PrivateKeys;

/// <summary>
/// Key-encryption keys (KEKs): the first one encrypts, all of them decrypt. They wrap the data keys of private keys and never
/// reach the database.
/// </summary>
public sealed class KeyRing
{
    /// <summary>Bytes of a KEK.</summary>
    public const int KeySize = 32;

    private const int MaxIdLength = 63;

    private readonly Dictionary<string, byte[]> _keys;

    private KeyRing(string activeId, Dictionary<string, byte[]> keys) => (ActiveId, _keys) = (activeId, keys);

    /// <summary>Id of the KEK that encrypts.</summary>
    public string ActiveId { get; }

    /// <summary>Ids of all of them.</summary>
    public IReadOnlyCollection<string> Ids => _keys.Keys;

    /// <summary>A new KEK in the form that <see cref="Parse"/> reads.</summary>
    public static string Draw() => Convert.ToBase64String(RandomNumberGenerator.GetBytes(KeySize));

    /// <summary>Reads KEKs: one a line (or between commas), each 32 bytes as base64, with an id of one's own in front if wanted: <c>ID:BASE64</c>.</summary>
    /// <exception cref="KeyRingException">The text is something else; the message does not repeat it.</exception>
    public static KeyRing Parse(string text)
    {
        ArgumentNullException.ThrowIfNull(text);
        string? active = null;
        var keys = new Dictionary<string, byte[]>(StringComparer.Ordinal);
        var number = 0;
        foreach (var entry in text.Split(['\n', ','], StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries).Where(line => !line.StartsWith('#')))
        {
            number++;
            var (id, key) = ParseEntry(entry, number);
            if (!keys.TryAdd(id, key))
                throw new KeyRingException($"two keys have the id {id}: give each its own");
            active ??= id;
        }

        return active is null ? throw new KeyRingException("it holds no key: write one made with `openssl rand -base64 32`") : new KeyRing(active, keys);
    }

    /// <summary>Names the ids alone.</summary>
    public override string ToString() => string.Join(", ", _keys.Keys);

    internal bool TryGet(string id, out ReadOnlySpan<byte> key)
    {
        var found = _keys.TryGetValue(id, out var bytes);
        key = bytes;
        return found;
    }

    private static (string Id, byte[] Key) ParseEntry(string entry, int number)
    {
        var colon = entry.IndexOf(':', StringComparison.Ordinal);
        var key = new byte[KeySize];
        if (!Convert.TryFromBase64String(entry[(colon + 1)..].Trim(), key, out var length) || length != KeySize)
            throw new KeyRingException($"key {number} is not {KeySize} bytes as base64, such as `openssl rand -base64 32` makes");
        if (colon < 0)
            return (IdOf(key), key);
        var id = entry[..colon].Trim();
        if (id.Length is 0 or > MaxIdLength || !id.All(static c => char.IsAsciiLetterOrDigit(c) || c is '-' or '.' or '_'))
            throw new KeyRingException($"the id of key {number} must have 1 to {MaxIdLength} letters, digits, hyphens, dots or underscores");
        return (id, key);
    }

    // The same key has the same id in every file; the hash tells nothing of it.
    private static string IdOf(byte[] key) => Convert.ToHexStringLower(SHA256.HashData([.. Encoding.ASCII.GetBytes("gatehouse kek\n"), .. key]).AsSpan(0, 8));
}

/// <summary>KEKs that cannot be read; the message says what to do, in one line and without key material.</summary>
public sealed class KeyRingException : Exception
{
    /// <summary>Creates the exception.</summary>
    public KeyRingException(string message, Exception? inner = null)
        : base(message, inner)
    {
    }
}
