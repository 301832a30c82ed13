using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using Gatehouse.Gateway.Matching;
using Gatehouse.ServiceDefaults;

namespace Gatehouse.DataPlane.Tls;

/// <summary>A certificate in force, with the private key that came beside its entry.</summary>
internal sealed class CertificateState
{
    /// <summary>No certificate fits better.</summary>
    public const int Exact = int.MaxValue;

    /// <exception cref="MatchTableException">The certificate or its key cannot be used.</exception>
    public CertificateState(CertificateEntry entry, Secret privateKey)
    {
        Entry = entry;
        PrivateKey = privateKey;
        using var leaf = Load();
        Names = NamesOf(leaf);
    }

    public CertificateEntry Entry { get; }

    /// <summary>PKCS#8 PEM.</summary>
    public Secret PrivateKey { get; }

    /// <summary>DNS names of the leaf in lower case; wildcards as <c>*.suffix</c>.</summary>
    public IReadOnlyList<string> Names { get; }

    /// <summary>The leaf with its key.</summary>
    /// <exception cref="MatchTableException">The certificate or its key cannot be used.</exception>
    public X509Certificate2 Load()
    {
        try
        {
            // Also checks that the key belongs to the certificate.
            return X509Certificate2.CreateFromPem(Entry.ChainPem, PrivateKey.Reveal());
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
