using Gatehouse.Gateway.Resources;

namespace Gatehouse.Gateway.Compilation.Inputs;

/// <summary>The challenges that are open, by token and by Hostname.</summary>
internal sealed class ChallengeIndex
{
    // A token is unique; should two tenants ever bring the same, both are kept and the order of their names decides.
    private readonly Dictionary<string, HostnameChallenge[]> _byToken = new(StringComparer.Ordinal);
    private readonly Dictionary<(string Tenant, string Hostname), string[]> _tokens = [];

    /// <summary>Pools that have an entry of a token.</summary>
    public Dictionary<string, string[]> Pools { get; } = new(StringComparer.Ordinal);

    /// <summary>Enters a challenge; false: it was there just so.</summary>
    public bool Set(HostnameChallenge challenge)
    {
        if (Of(challenge.Token).Contains(challenge))
            return false;
        Remove(challenge.Tenant, challenge.Token);
        _byToken[challenge.Token] = [.. Of(challenge.Token).Append(challenge).OrderBy(other => other.Tenant, StringComparer.Ordinal)];
        var place = (challenge.Tenant, challenge.Hostname);
        _tokens[place] = [.. _tokens.GetValueOrDefault(place, []), challenge.Token];
        return true;
    }

    public bool Remove(string tenant, string token)
    {
        if (Of(token).FirstOrDefault(challenge => challenge.Tenant == tenant) is not { } known)
            return false;
        if (_byToken[token] is { Length: > 1 } several)
            _byToken[token] = [.. several.Where(challenge => challenge != known)];
        else
            _byToken.Remove(token);
        var place = (tenant, known.Hostname);
        if (_tokens[place] is { Length: > 1 } tokens)
            _tokens[place] = [.. tokens.Where(other => other != token)];
        else
            _tokens.Remove(place);
        return true;
    }

    /// <summary>The challenges of a token, in order of their tenants: one, but for the strangest of accidents.</summary>
    public IReadOnlyList<HostnameChallenge> Of(string token) => _byToken.GetValueOrDefault(token, []);

    /// <summary>The tokens of a Hostname's challenges.</summary>
    public IReadOnlyList<string> TokensOf(string tenant, string hostname) => _tokens.GetValueOrDefault((tenant, hostname), []);

    public IEnumerable<HostnameChallenge> OfTenant(string tenant) => _byToken.Values.SelectMany(challenges => challenges).Where(challenge => challenge.Tenant == tenant);
}
