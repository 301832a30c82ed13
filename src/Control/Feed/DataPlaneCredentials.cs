using System.Security.Cryptography;
using System.Text;

namespace Gatehouse.Control.Feed;

/// <summary>Which pool a credential opens. Hashes are compared in constant time, and always all of them.</summary>
internal sealed class DataPlaneCredentials
{
    private const string Scheme = "Bearer ";

    private readonly List<(string Pool, byte[] Hash)> _credentials;

    public DataPlaneCredentials(ControlOptions options) =>
        _credentials = [.. options.DataPlaneCredentials.Select(entry => (entry.Key, Hash(entry.Value)))];

    /// <summary>The pool; null: no such credential.</summary>
    /// <param name="authorization">Authorization header.</param>
    public string? PoolOf(string? authorization)
    {
        if (authorization is null || !authorization.StartsWith(Scheme, StringComparison.OrdinalIgnoreCase))
            return null;
        var shown = Hash(authorization[Scheme.Length..].Trim());
        string? pool = null;
        foreach (var (candidate, hash) in _credentials)
        {
            if (CryptographicOperations.FixedTimeEquals(hash, shown))
                pool = candidate;
        }

        return pool;
    }

    private static byte[] Hash(string credential) => SHA256.HashData(Encoding.UTF8.GetBytes(credential));
}
