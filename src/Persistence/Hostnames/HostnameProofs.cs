using System.Globalization;
using System.Security.Cryptography;
using System.Text;

namespace Gatehouse.Persistence.Hostnames;

/// <summary>
/// The values that prove a tenant's names. All are derived from the tenant's proof key, so they are there before the first record is set, never
/// change, and tell nothing of each other: what one tenant was shown proves nothing for another tenant, another name or another claim.
/// </summary>
public static class HostnameProofs
{
    /// <summary>First label of the record that proves one claim.</summary>
    public const string ClaimLabel = "_gatehouse-challenge";

    /// <summary>First label of the record that proves a whole zone.</summary>
    public const string DomainLabel = "_gatehouse-domain";

    /// <summary>First label where certificate authorities look (RFC 8555 §8.4).</summary>
    public const string AcmeLabel = "_acme-challenge";

    private const string Alphabet = "abcdefghijklmnopqrstuvwxyz234567";

    /// <summary>What a wildcard stands below; an exact name itself.</summary>
    public static string BaseOf(string hostname) => hostname.StartsWith("*.", StringComparison.Ordinal) ? hostname[2..] : hostname;

    /// <summary>Name of the TXT record that proves a claim.</summary>
    public static string ClaimRecord(string hostname) => $"{ClaimLabel}.{BaseOf(hostname)}";

    /// <summary>Value of the TXT record that proves a claim; good for this claim alone.</summary>
    /// <param name="proofKey">The tenant's.</param>
    /// <param name="claimId">Id of the claim.</param>
    /// <param name="hostname">The claimed name.</param>
    public static string ClaimValue(Guid proofKey, Guid claimId, string hostname) =>
        $"gatehouse-verification={Derive(proofKey, string.Create(CultureInfo.InvariantCulture, $"claim\n{claimId:D}\n{hostname}"))}";

    /// <summary>The zones whose proof covers a name, the narrowest first: the name's base and what is above it, down to two labels.</summary>
    public static IReadOnlyList<string> ZonesOf(string hostname)
    {
        var zones = new List<string>();
        for (var zone = BaseOf(hostname); zone.Contains('.', StringComparison.Ordinal); zone = zone[(zone.IndexOf('.', StringComparison.Ordinal) + 1)..])
            zones.Add(zone);
        return zones;
    }

    /// <summary>Value of the TXT record <c>_gatehouse-domain.ZONE</c> that proves all of a tenant's names in a zone.</summary>
    public static string DomainValue(Guid proofKey, string zone) => $"gatehouse-domain-verification={Derive(proofKey, $"domain\n{zone}")}";

    /// <summary>First label of the name that is the tenant's alone among those that CNAME records may lead to.</summary>
    public static string CnameLabel(Guid proofKey) => $"t-{Derive(proofKey, "cname")[..26]}";

    /// <summary>First label of the name in the platform's zone that the <c>_acme-challenge</c> record of a name leads to.</summary>
    public static string AcmeLabelOf(Guid proofKey, string hostname) => $"c-{Derive(proofKey, $"acme\n{BaseOf(hostname)}")[..26]}";

    // 160 bits in base32, which DNS forms and people's eyes take as it is.
    private static string Derive(Guid proofKey, string what)
    {
        Span<byte> key = stackalloc byte[16];
        proofKey.TryWriteBytes(key);
        Span<byte> hash = stackalloc byte[HMACSHA256.HashSizeInBytes];
        HMACSHA256.HashData(key, Encoding.UTF8.GetBytes(what), hash);
        return string.Create(32, hash[..20], static (text, bytes) =>
        {
            for (var i = 0; i < text.Length; i++)
            {
                var bit = i * 5;
                var window = (bytes[bit / 8] << 8) | (bit / 8 + 1 < bytes.Length ? bytes[bit / 8 + 1] : 0);
                text[i] = Alphabet[(window >> (11 - bit % 8)) & 31];
            }
        });
    }
}
