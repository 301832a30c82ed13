using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using Gatehouse.Gateway.Matching;
using Gatehouse.ServiceDefaults;

namespace Gatehouse.DataPlane.Tls;

/// <summary>
/// A certificate in force, with the private key that came beside its entry. A hundred thousand of them must be read in seconds and lie in a
/// hundred megabytes, so they are kept packed, and the system's library sees one when its first client comes.
/// </summary>
internal sealed class CertificateState
{
    /// <summary>No certificate fits better.</summary>
    public const int Exact = int.MaxValue;

    private readonly string _key;
    private readonly PackedPem _chain;
    private readonly PackedPem _privateKey;
    private readonly PackedHex _fingerprint;
    private volatile bool _isBroken;

    /// <exception cref="MatchTableException">The certificate or its key cannot be used.</exception>
    public CertificateState(CertificateEntry entry, Secret privateKey)
    {
        _key = entry.Key;
        _chain = PackedPem.Of("CERTIFICATE", entry.ChainPem);
        _privateKey = PackedPem.Of("PRIVATE KEY", privateKey.Reveal());
        if (LeafReader.Read(_chain.First, _privateKey.First) is { } leaf)
        {
            Names = leaf.Names;
            IsRsa = leaf.IsRsa;
        }
        else
        {
            using var loaded = Load();
            Names = NamesOf(loaded);
            using var rsa = loaded.GetRSAPublicKey();
            IsRsa = rsa is not null;
        }
        _fingerprint = new PackedHex(entry.KeyFingerprint);
    }

    /// <summary>The entry as it came.</summary>
    public CertificateEntry Entry => new() { Key = _key, ChainPem = ChainPem, KeyFingerprint = _fingerprint.Unpack() };

    /// <summary>PEM: the leaf first, then intermediates.</summary>
    public string ChainPem => _chain.Unpack();

    /// <summary>PKCS#8 PEM.</summary>
    public Secret PrivateKey => new(_privateKey.Unpack());

    /// <summary>DNS names of the leaf in lower case; wildcards as <c>*.suffix</c>.</summary>
    public IReadOnlyList<string> Names { get; }

    /// <summary>Whether its key is of RSA; else it is of ECDSA.</summary>
    public bool IsRsa { get; }

    /// <summary>Whether it turned out, at its first use, that the system's library cannot use it.</summary>
    public bool IsBroken => _isBroken;

    /// <summary>Notes that it cannot be used.</summary>
    public void GiveUp() => _isBroken = true;

    /// <summary>The leaf with its key.</summary>
    /// <exception cref="MatchTableException">The certificate or its key cannot be used.</exception>
    public X509Certificate2 Load()
    {
        try
        {
            // Also checks that the key belongs to the certificate.
            return X509Certificate2.CreateFromPem(ChainPem, _privateKey.Unpack());
        }
        catch (Exception failure) when (failure is CryptographicException or ArgumentException)
        {
            throw new MatchTableException("its private key does not belong to the certificate, or is of a kind that is not served (RSA and ECDSA are)");
        }
    }

    /// <summary>Number of characters of the longest wildcard that covers a host, <see cref="Exact"/> for the name itself; 0: none covers it.</summary>
    /// <param name="host">Lower case.</param>
    public int Fit(ReadOnlySpan<char> host)
    {
        var best = 0;
        foreach (var name in Names)
        {
            // A wildcard stands for one label (RFC 6125 §6.4.3), unlike that of a listener.
            var covers = name[0] == '*' ? CoversLabel(name.AsSpan(1), host) : host.SequenceEqual(name);
            if (covers)
                best = Math.Max(best, name[0] == '*' ? name.Length : Exact);
        }
        return best;
    }

    private static bool CoversLabel(ReadOnlySpan<char> suffix, ReadOnlySpan<char> host) =>
        host.Length > suffix.Length && host.EndsWith(suffix) && !host[..^suffix.Length].Contains('.');

    private static string[] NamesOf(X509Certificate2 leaf)
    {
        var names = leaf.Extensions.OfType<X509SubjectAlternativeNameExtension>().SelectMany(extension => extension.EnumerateDnsNames()).ToArray();
        if (names.Length == 0 && leaf.GetNameInfo(X509NameType.DnsName, forIssuer: false) is { Length: > 0 } common)
            names = [common];
        return [.. names.Where(name => name.Length > 0).Select(name => name.ToLowerInvariant())];
    }
}
