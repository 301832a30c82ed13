using System.Security.Cryptography;

namespace Gatehouse.Control.PrivateKeys;

/// <summary>Private keys in the clear, for as long as it takes to write them out; disposing overwrites them.</summary>
internal sealed class PrivateKeyBatch : IDisposable
{
    private readonly Dictionary<string, byte[]> _keys = new(StringComparer.Ordinal);
    private readonly Dictionary<string, string> _refusals = new(StringComparer.Ordinal);

    /// <summary>Certificates whose keys are here.</summary>
    public IReadOnlyCollection<string> Keys => _keys.Keys;

    public void Add(string certificate, byte[] pkcs8) => _keys[certificate] = pkcs8;

    public void Refuse(string certificate, string reason) => _refusals[certificate] = reason;

    /// <summary>PKCS#8 of a certificate's key; null: it cannot be sent.</summary>
    public byte[]? KeyOf(string certificate) => _keys.GetValueOrDefault(certificate);

    /// <summary>Why a key cannot be sent.</summary>
    public string? RefusalOf(string certificate) => _refusals.GetValueOrDefault(certificate);

    public void Dispose()
    {
        foreach (var key in _keys.Values)
            CryptographicOperations.ZeroMemory(key);
        _keys.Clear();
    }
}
