using Gatehouse.Persistence.Audit;
using Gatehouse.Persistence.Identity;

namespace Gatehouse.Api.Access;

/// <summary>Finds out whom the token of a request speaks for. Nothing is cached: what is revoked ends with the next request.</summary>
internal sealed class Authenticator(IdentityLookup lookup, ApiHostOptions options, TimeProvider clock)
{
    private const string Scheme = "Bearer ";
    private const int MaxLength = 512;

    private static readonly Actor BootstrapActor = new(Actor.SystemKind, null, "admin-token");

    /// <summary>The token of a request, or null.</summary>
    public static string? TokenOf(HttpRequest request)
    {
        if (request.Headers.Authorization is not [{ } header] || !header.StartsWith(Scheme, StringComparison.OrdinalIgnoreCase))
            return null;
        var token = header[Scheme.Length..].Trim();
        return token.Length is > 0 and <= MaxLength ? token : null;
    }

    /// <summary>Whom the token speaks for; null: it does not work.</summary>
    public async Task<Caller?> AuthenticateAsync(string token, CancellationToken cancellationToken)
    {
        var hash = OpaqueToken.Hash(token);
        if (options.AdminToken is { } admin && OpaqueToken.Matches(hash, OpaqueToken.Hash(admin.Reveal())))
            return new Caller { Actor = BootstrapActor, Bootstrap = true };
        if (token.StartsWith(OpaqueToken.SessionPrefix, StringComparison.Ordinal))
            return await FindSessionAsync(hash, cancellationToken);
        return token.StartsWith(OpaqueToken.ApiPrefix, StringComparison.Ordinal) ? await FindTokenAsync(hash, cancellationToken) : null;
    }

    private async Task<Caller?> FindSessionAsync(byte[] hash, CancellationToken cancellationToken)
    {
        var session = await lookup.FindSessionAsync(hash, cancellationToken);
        if (session is not { User: { Disabled: false } user } || session.ExpiresAt <= clock.GetUtcNow() || !OpaqueToken.Matches(session.TokenHash, hash))
            return null;
        return new Caller
        {
            Actor = new Actor(Actor.UserKind, user.Id, user.UserName ?? user.Id.ToString()),
            User = user,
            Session = session,
            Memberships = await lookup.MembershipsOfAsync(user.Id, cancellationToken),
        };
    }

    private async Task<Caller?> FindTokenAsync(byte[] hash, CancellationToken cancellationToken)
    {
        var found = await lookup.FindTokenAsync(hash, cancellationToken);
        if (found is null || found.Token.ExpiresAt <= clock.GetUtcNow() || !OpaqueToken.Matches(found.Token.TokenHash, hash))
            return null;

        // A token dies with its issuer's membership (a cascade in the database) and rests while the issuer is disabled.
        if (found.Token.IssuerId is not null && found.Issuer is not { User.Disabled: false })
            return null;
        return new Caller
        {
            Actor = new Actor(Actor.TokenKind, found.Token.Id, found.Token.Name),
            User = found.Issuer?.User,
            Token = found.Token,
            Memberships = [new TenantMembership(found.Tenant, found.EffectiveRole)],
        };
    }
}
