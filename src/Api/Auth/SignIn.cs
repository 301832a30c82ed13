using Gatehouse.Api.Access;
using Gatehouse.Api.Errors;
using Gatehouse.Contracts.Api;
using Gatehouse.Persistence;
using Gatehouse.Persistence.Identity;
using Microsoft.AspNetCore.Identity;
using Microsoft.EntityFrameworkCore;

namespace Gatehouse.Api.Auth;

/// <summary>Signs people in with a password.</summary>
internal sealed class SignIn(GatehouseDbContext db, IPasswordHasher<User> hasher, DecoyPassword decoy, TimeProvider clock)
{
    public static readonly TimeSpan SessionLifetime = TimeSpan.FromHours(12);
    public static readonly TimeSpan LockoutTime = TimeSpan.FromMinutes(5);
    public const int MaxFailures = 10;

    /// <summary>Opens a session. Unknown accounts cost the same hash as known ones.</summary>
    public async Task<Result<SessionView>> OpenSessionAsync(string email, string password, CancellationToken cancellationToken)
    {
        var normalized = UserNames.Normalize(email);
        var user = await db.Users.AsNoTracking().FirstOrDefaultAsync(candidate => candidate.NormalizedUserName == normalized, cancellationToken);
        var counted = user is not null && await CountAttemptAsync(user.Id, cancellationToken);
        var verdict = user?.PasswordHash is { } hash
            ? hasher.VerifyHashedPassword(user, hash, password)
            : decoy.Verify(hasher, password);
        if (!counted || user is not { Disabled: false } || verdict == PasswordVerificationResult.Failed)
            return new SignInFailedError();
        return await CreateSessionAsync(user, verdict == PasswordVerificationResult.SuccessRehashNeeded ? password : null, cancellationToken);
    }

    /// <summary>Counts the attempt before the password is looked at, so that parallel guesses count too; false: the account is locked.</summary>
    private async Task<bool> CountAttemptAsync(Guid userId, CancellationToken cancellationToken)
    {
        var now = clock.GetUtcNow();
        DateTimeOffset? end = now + LockoutTime;
        return await db.Users
            .Where(user => user.Id == userId && (user.LockoutEnd == null || user.LockoutEnd <= now))
            .ExecuteUpdateAsync(
                update => update
                    .SetProperty(user => user.LockoutEnd, user => user.AccessFailedCount + 1 >= MaxFailures ? end : null)
                    .SetProperty(user => user.AccessFailedCount, user => user.AccessFailedCount + 1 >= MaxFailures ? 0 : user.AccessFailedCount + 1),
                cancellationToken) > 0;
    }

    private async Task<SessionView> CreateSessionAsync(User user, string? rehash, CancellationToken cancellationToken)
    {
        var now = clock.GetUtcNow();
        var newHash = rehash is null ? user.PasswordHash : hasher.HashPassword(user, rehash);
        await db.Users.Where(candidate => candidate.Id == user.Id).ExecuteUpdateAsync(
            update => update
                .SetProperty(candidate => candidate.AccessFailedCount, 0)
                .SetProperty(candidate => candidate.LockoutEnd, (DateTimeOffset?)null)
                .SetProperty(candidate => candidate.PasswordHash, newHash),
            cancellationToken);
        await db.Sessions.Where(session => session.UserId == user.Id && session.ExpiresAt <= now).ExecuteDeleteAsync(cancellationToken);
        var token = OpaqueToken.Create(OpaqueToken.SessionPrefix);
        var opened = new Session
        {
            UserId = user.Id,
            TokenHash = OpaqueToken.Hash(token),
            CreatedAt = now,
            LastUsedAt = now,
            ExpiresAt = now + SessionLifetime,
        };
        db.Sessions.Add(opened);
        await db.SaveChangesAsync(cancellationToken);
        return new SessionView(token, opened.ExpiresAt);
    }
}

/// <summary>A hash of nobody's password, so that unknown accounts take as long as known ones.</summary>
internal sealed class DecoyPassword
{
    private readonly User _nobody = new();
    private readonly Lazy<string> _hash;

    public DecoyPassword(IPasswordHasher<User> hasher) => _hash = new Lazy<string>(() => hasher.HashPassword(_nobody, Guid.NewGuid().ToString()));

    public PasswordVerificationResult Verify(IPasswordHasher<User> hasher, string password)
    {
        hasher.VerifyHashedPassword(_nobody, _hash.Value, password);
        return PasswordVerificationResult.Failed;
    }
}
