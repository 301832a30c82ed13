using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using Gatehouse.DataPlane.Actions;
using Gatehouse.DataPlane.Backends;
using Gatehouse.DataPlane.Hardening;
using Gatehouse.DataPlane.Routing;
using Gatehouse.Gateway.Matching;
using Yarp.ReverseProxy.Model;

namespace Gatehouse.DataPlane.Sessions;

/// <summary>Session persistence of a rule (GEP-1619), made ready to run: requests of a session go to the endpoint that answered its first one, whatever the weights say now.</summary>
internal sealed class SessionPolicy
{
    /// <summary>Clocks of replicas may differ by so much.</summary>
    private const long SkewMs = 60_000;

    private readonly SessionEntry _entry;
    private readonly byte[] _rule;

    /// <exception cref="MatchTableException">Name or path cannot be sent.</exception>
    public SessionPolicy(SessionEntry entry, RuleSource source)
    {
        if (!ActionGuard.IsToken(entry.Name) || HopByHopHeaders.Contains(entry.Name) || entry.Name.Equals("Content-Length", StringComparison.OrdinalIgnoreCase)
            || !PathText.IsSendable(entry.Path))
        {
            throw new MatchTableException("the session's name or path cannot be sent");
        }
        _entry = entry;
        // Rules share no sessions, not even those of one route with one name for both.
        _rule = SHA256.HashData(Encoding.UTF8.GetBytes($"{source.Kind}/{source.Tenant}/{source.Name}/{source.RuleName ?? $"#{source.Rule}"}\n{entry.Name}"));
    }

    /// <summary>The backend and endpoint of a request's session; null: it has none, or what it was with is gone or not healthy.</summary>
    public (RuleTarget Target, BackendState Backend, DestinationState Endpoint)? Find(HttpRequest request, RouteTable table, RuleRuntime rule, DateTimeOffset now)
    {
        if (_entry.Header)
            return request.Headers.TryGetValue(_entry.Name, out var values) && values.Count == 1 ? Find(values[0], table, rule, now) : null;
        foreach (var line in request.Headers.Cookie)
        {
            foreach (var part in line.AsSpan().Split(';'))
            {
                var cookie = line.AsSpan(part).Trim();
                if (cookie.Length == _entry.Name.Length + 1 + SessionToken.Length && cookie.StartsWith(_entry.Name) && cookie[_entry.Name.Length] == '='
                    && Find(cookie[(_entry.Name.Length + 1)..], table, rule, now) is { } found)
                {
                    return found;
                }
            }
        }
        return null;
    }

    /// <summary>Tells the client where its session is, if it does not know.</summary>
    public void Keep(HttpContext context, RequestDecision decision, DateTimeOffset now)
    {
        var destination = context.GetReverseProxyFeature().ProxiedDestination;
        if (destination is null || destination == decision.Pinned || decision.State!.EndpointOf(destination) is not { } endpoint)
            return;
        var backend = decision.State.Entry.Key;
        var token = SessionToken.Create(_rule, backend, endpoint.Id, endpoint.DigestIn(backend), now.ToUnixTimeMilliseconds()).ToString();
        if (_entry.Header)
            context.Response.Headers[_entry.Name] = token;
        else
            context.Response.Headers.Append("Set-Cookie", CookieOf(token, context.Request.IsHttps));
    }

    private (RuleTarget, BackendState, DestinationState)? Find(ReadOnlySpan<char> text, RouteTable table, RuleRuntime rule, DateTimeOffset now)
    {
        if (!SessionToken.TryParse(text, out var token))
            return null;
        var age = now.ToUnixTimeMilliseconds() - token.Began;
        if (age < -SkewMs || age >= _entry.AbsoluteTimeoutMs)
            return null;
        foreach (var target in rule.Targets)
        {
            if (target.Backend is null || !table.Backends.TryGetValue(target.Backend, out var backend))
                continue;
            foreach (var endpoint in backend.Endpoints)
            {
                if (endpoint.DigestIn(target.Backend) != token.Endpoint || !token.IsOf(_rule, target.Backend, endpoint.Id))
                    continue;
                return backend.Cluster.DestinationsState.AvailableDestinations.Contains(endpoint.Destination) ? (target, backend, endpoint.Destination) : null;
            }
        }
        return null;
    }

    // Attributes as GEP-1619 wants them: strict by default, and a lifetime only for permanent ones.
    private string CookieOf(string token, bool secure)
    {
        // A semicolon in the path would end the attribute.
        var path = _entry.Path.Contains(';') ? "/" : _entry.Path;
        var cookie = new StringBuilder($"{_entry.Name}={token}; Path={path}; HttpOnly; SameSite=Strict");
        if (secure)
            cookie.Append("; Secure");
        if (_entry is { Permanent: true, AbsoluteTimeoutMs: { } timeout })
            cookie.Append(CultureInfo.InvariantCulture, $"; Max-Age={Math.Max(1, timeout / 1_000)}");
        return cookie.ToString();
    }
}
