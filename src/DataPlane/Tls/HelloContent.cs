using System.Net.Security;
using Gatehouse.DataPlane.Challenges;
using Gatehouse.Gateway.Matching;

namespace Gatehouse.DataPlane.Tls;

/// <summary>What a ClientHello says.</summary>
/// <param name="ServerName">In the form of <see cref="RequestHost"/>; null: the client names none.</param>
/// <param name="Protocols">Protocols that the client offers (ALPN, RFC 7301), at most <see cref="MaxProtocols"/> of them; none: it offers none.</param>
/// <param name="Ciphers">Good cipher suites that it offers, those of TLS 1.3 only if it speaks that; none if keys would be agreed on over a finite field.</param>
internal readonly record struct HelloContent(string? ServerName, IReadOnlyList<SslApplicationProtocol> Protocols, OfferedCiphers Ciphers)
{
    /// <summary>Protocols that are kept. Browsers offer two or three.</summary>
    public const int MaxProtocols = 16;

    public static HelloContent None { get; } = new(null, [], OfferedCiphers.None);

    /// <summary>A protocol; those that are well known share their memory.</summary>
    public static SslApplicationProtocol ProtocolOf(ReadOnlySpan<byte> name)
    {
        foreach (var known in (ReadOnlySpan<SslApplicationProtocol>)[SslApplicationProtocol.Http2, SslApplicationProtocol.Http11, TlsAlpnChallenge.Protocol])
        {
            if (name.SequenceEqual(known.Protocol.Span))
                return known;
        }
        return new SslApplicationProtocol(name.ToArray());
    }
}
