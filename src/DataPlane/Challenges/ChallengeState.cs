using System.Net.Security;
using System.Text;
using Gatehouse.Gateway.Matching;

namespace Gatehouse.DataPlane.Challenges;

/// <summary>A challenge in force, with what answers it.</summary>
internal sealed class ChallengeState
{
    private const int MaxToken = 256;
    private const int MaxKeyAuthorization = 512;
    private const int MaxAddresses = 256;

    private readonly Lazy<SslServerAuthenticationOptions> _handshake;

    /// <exception cref="MatchTableException">The entry cannot be used.</exception>
    public ChallengeState(ChallengeEntry entry)
    {
        if (entry.Key.Length is 0 or > MaxToken || entry.Key.AsSpan().ContainsAnyExcept(ChallengeText.Token))
            throw new MatchTableException("a token is base64url");
        if (entry.KeyAuthorization.Length > MaxKeyAuthorization || !entry.KeyAuthorization.StartsWith(entry.Key + ".", StringComparison.Ordinal)
            || entry.KeyAuthorization.AsSpan(entry.Key.Length + 1).ContainsAnyExcept(ChallengeText.Token))
            throw new MatchTableException("a key authorization is the token, a dot and a thumbprint");
        if (entry.Type is not (ChallengeEntry.Http01 or ChallengeEntry.TlsAlpn01))
            throw new MatchTableException($"challenges of type {entry.Type} are not answered by this version");
        if (!RequestHost.TryNormalize(entry.Hostname, out var host) || !host.SequenceEqual(entry.Hostname))
            throw new MatchTableException("the hostname is not an exact name in lower case");
        if (entry.TlsAddresses.Count > MaxAddresses)
            throw new MatchTableException($"more than {MaxAddresses} addresses");
        Entry = entry;
        Body = Encoding.ASCII.GetBytes(entry.KeyAuthorization);
        _handshake = new(() => TlsAlpnChallenge.HandshakeOf(entry));
    }

    public ChallengeEntry Entry { get; }

    /// <summary>The key authorization.</summary>
    public ReadOnlyMemory<byte> Body { get; }

    /// <summary>The handshake that answers it, made when it is first asked for.</summary>
    public SslServerAuthenticationOptions Handshake => _handshake.Value;
}
