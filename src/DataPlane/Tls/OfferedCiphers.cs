using System.Buffers.Binary;

namespace Gatehouse.DataPlane.Tls;

/// <summary>
/// Which good cipher suites a client offers: authenticated encryption with forward secrecy (RFC 9325 §4.2). The runtime prefers those and has
/// others besides; a policy that leaves the others out costs each handshake a context of its own, so clients that offer no good one are
/// refused by their hello.
/// </summary>
[Flags]
internal enum OfferedCiphers
{
    /// <summary>None.</summary>
    None = 0,

    /// <summary>Those of TLS 1.3, which go with every certificate.</summary>
    Tls13 = 1,

    /// <summary>Those of TLS 1.2 that go with certificates of ECDSA.</summary>
    Ecdsa = 2,

    /// <summary>Those of TLS 1.2 that go with certificates of RSA.</summary>
    Rsa = 4,
}

/// <summary>Reads offers.</summary>
internal static class OfferedCipherReader
{
    /// <summary>
    /// Reads a list of suites (https://www.iana.org/assignments/tls-parameters/). Of TLS 1.2 those with AES-GCM count: the runtime has no other
    /// good ones, so who offers only ChaCha20 would get one of the rest.
    /// </summary>
    /// <param name="suites">Two bytes each.</param>
    public static OfferedCiphers Read(ReadOnlySpan<byte> suites)
    {
        var offered = OfferedCiphers.None;
        for (; suites.Length >= 2; suites = suites[2..])
        {
            offered |= BinaryPrimitives.ReadUInt16BigEndian(suites) switch
            {
                0x1301 or 0x1302 or 0x1303 => OfferedCiphers.Tls13,
                0xC02B or 0xC02C => OfferedCiphers.Ecdsa,
                0xC02F or 0xC030 => OfferedCiphers.Rsa,
                _ => OfferedCiphers.None,
            };
        }
        return offered;
    }

    /// <summary>Whether one of them goes with a certificate.</summary>
    public static bool Suits(this OfferedCiphers offered, bool isRsa) => (offered & (OfferedCiphers.Tls13 | (isRsa ? OfferedCiphers.Rsa : OfferedCiphers.Ecdsa))) != 0;
}
