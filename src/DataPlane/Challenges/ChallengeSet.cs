using System.Diagnostics.CodeAnalysis;
using Gatehouse.Gateway.Matching;

namespace Gatehouse.DataPlane.Challenges;

/// <summary>The challenges in force. Immutable.</summary>
internal sealed class ChallengeSet
{
    private readonly PersistentMap<ChallengeState> _byToken;

    // A name may have one certificate at a time: of several challenges for it the last that came is answered.
    private readonly PersistentMap<ChallengeState> _byTlsName;

    private ChallengeSet(PersistentMap<ChallengeState> byToken, PersistentMap<ChallengeState> byTlsName)
    {
        _byToken = byToken;
        _byTlsName = byTlsName;
        Sockets = [.. byTlsName.Entries.SelectMany(entry => entry.Value.Entry.TlsAddresses).Distinct().Select(address => new SocketKey(address, ChallengeEntry.TlsPort))];
    }

    public static ChallengeSet Empty { get; } = new(PersistentMap.Empty<ChallengeState>(), PersistentMap.Empty<ChallengeState>());

    /// <summary>All of them by token.</summary>
    public IEnumerable<KeyValuePair<string, ChallengeState>> Entries => _byToken.Entries;

    /// <summary>Sockets that must be open for them.</summary>
    public IReadOnlyList<SocketKey> Sockets { get; }

    /// <summary>The challenge that a request over plain HTTP asks for (RFC 8555 §8.3).</summary>
    /// <param name="token">Token.</param>
    /// <param name="host">In the form of <see cref="RequestHost"/>.</param>
    /// <param name="challenge">The challenge.</param>
    public bool TryFindHttp(ReadOnlySpan<char> token, ReadOnlySpan<char> host, [NotNullWhen(true)] out ChallengeState? challenge) =>
        _byToken.TryGetValue(token, out challenge) && challenge.Entry.Type == ChallengeEntry.Http01 && host.SequenceEqual(challenge.Entry.Hostname);

    /// <summary>The challenge that a TLS handshake for a name asks for (RFC 8737 §3).</summary>
    /// <param name="serverName">In the form of <see cref="RequestHost"/>.</param>
    /// <param name="challenge">The challenge.</param>
    public bool TryFindTls(ReadOnlySpan<char> serverName, [NotNullWhen(true)] out ChallengeState? challenge) => _byTlsName.TryGetValue(serverName, out challenge);

    public Builder ToBuilder() => new(this);

    /// <summary>Changes a copy.</summary>
    public sealed class Builder(ChallengeSet origin)
    {
        private readonly PersistentMap<ChallengeState>.Builder _byToken = origin._byToken.ToBuilder();
        private readonly PersistentMap<ChallengeState>.Builder _byTlsName = origin._byTlsName.ToBuilder();
        private readonly HashSet<string> _bereft = new(StringComparer.Ordinal);
        private bool _changed;

        /// <summary>Adds, replaces or (null) removes a challenge.</summary>
        public void Set(string token, ChallengeState? challenge)
        {
            _changed = true;
            if (_byToken.TryGetValue(token, out var before) && _byTlsName.TryGetValue(before.Entry.Hostname, out var shown) && shown == before)
            {
                _byTlsName.Remove(before.Entry.Hostname);
                _bereft.Add(before.Entry.Hostname);
            }
            if (challenge is null)
            {
                _byToken.Remove(token);
                return;
            }
            _byToken.Set(token, challenge);
            if (challenge.Entry.Type != ChallengeEntry.TlsAlpn01)
                return;
            _byTlsName.Set(challenge.Entry.Hostname, challenge);
            _bereft.Remove(challenge.Entry.Hostname);
        }

        /// <summary>The set as it is now. The builder must not be used again.</summary>
        public ChallengeSet Build()
        {
            if (!_changed)
                return origin;
            var byToken = _byToken.Build();
            foreach (var (_, other) in _bereft.Count == 0 ? [] : byToken.Entries)
            {
                if (other.Entry.Type == ChallengeEntry.TlsAlpn01 && _bereft.Contains(other.Entry.Hostname))
                    _byTlsName.Set(other.Entry.Hostname, other);
            }
            return new ChallengeSet(byToken, _byTlsName.Build());
        }
    }
}
