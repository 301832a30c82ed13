using System.Formats.Asn1;
using System.Net.Security;
using System.Net.Sockets;
using System.Security.Authentication;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using System.Text;
using Gatehouse.DataPlane.Listeners;
using Gatehouse.DataPlane.Streams;
using Gatehouse.DataPlane.Tls;
using Gatehouse.Gateway.Matching;

namespace Gatehouse.DataPlane.Challenges;

/// <summary>Answers challenges in the TLS handshake (RFC 8737): a self-signed certificate proves control of the name, and nothing is ever said on the connection.</summary>
internal sealed class TlsAlpnChallenge(TimeProvider clock)
{
    /// <summary>id-pe-acmeIdentifier (RFC 8737 §3).</summary>
    private const string AcmeIdentifier = "1.3.6.1.5.5.7.1.31";

    /// <summary>Authorities judge the certificate by its extension; the dates must only hold while the challenge lasts.</summary>
    private static readonly DateTimeOffset NotBefore = new(2000, 1, 1, 0, 0, 0, TimeSpan.Zero);

    /// <summary>RFC 5280 §4.1.2.5: no well-defined end.</summary>
    private static readonly DateTimeOffset NotAfter = new(9999, 12, 31, 23, 59, 59, TimeSpan.Zero);

    /// <summary>The only protocol of a client that validates; no other handshake ever ends with it.</summary>
    public static SslApplicationProtocol Protocol { get; } = new("acme-tls/1");

    /// <summary>Whether a hello asks for a validation: "the ALPN extension … contains the single protocol name acme-tls/1".</summary>
    public static bool IsAsked(FirstBytes hello) => hello.Fault is null && hello.Hello.ServerName is not null && hello.Hello.Protocols is [var only] && only == Protocol;

    /// <summary>Does the handshake and ends the connection.</summary>
    public async Task AnswerAsync(LiveConnection connection, ChallengeState challenge, FirstBytes hello, StreamRecord record)
    {
        record.Challenge = challenge.Entry.Type;
        await using var stream = new SslStream(new PrefixedStream(new NetworkStream(connection.Accepted), hello.Bytes));
        using var limit = new CancellationTokenSource(LaneTransport.HandshakeTimeout, clock);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(connection.Cut, limit.Token);
        try
        {
            await stream.AuthenticateAsServerAsync(challenge.Handshake, either.Token);
        }
        catch (Exception failure) when (failure is AuthenticationException or IOException or InvalidOperationException or OperationCanceledException)
        {
            record.Fault = StreamFault.HandshakeFailed;
            return;
        }
        try
        {
            await stream.ShutdownAsync();
            connection.Accepted.Shutdown(SocketShutdown.Send);
        }
        catch (Exception failure) when (failure is IOException or SocketException)
        {
            // The authority has seen what it wanted to see, and left.
        }
    }

    /// <summary>The handshake that answers a challenge.</summary>
    public static SslServerAuthenticationOptions HandshakeOf(ChallengeEntry entry) => new()
    {
        ServerCertificateContext = SslStreamCertificateContext.Create(CertificateOf(entry), [], offline: true),
        EnabledSslProtocols = SslProtocols.Tls12 | SslProtocols.Tls13,
        ApplicationProtocols = [Protocol],
        AllowRenegotiation = false,
        AllowTlsResume = false,
    };

    private static X509Certificate2 CertificateOf(ChallengeEntry entry)
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var request = new CertificateRequest("CN=acme-tls-alpn-01", key, HashAlgorithmName.SHA256);
        var names = new SubjectAlternativeNameBuilder();
        names.AddDnsName(entry.Hostname);
        request.CertificateExtensions.Add(names.Build());
        var digest = new AsnWriter(AsnEncodingRules.DER);
        digest.WriteOctetString(SHA256.HashData(Encoding.ASCII.GetBytes(entry.KeyAuthorization)));
        request.CertificateExtensions.Add(new X509Extension(AcmeIdentifier, digest.Encode(), critical: true));
        return request.CreateSelfSigned(NotBefore, NotAfter);
    }
}
