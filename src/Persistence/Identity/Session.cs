namespace Gatehouse.Persistence.Identity;

/// <summary>A signed-in user's session; only the token's hash is stored.</summary>
public sealed class Session
{
    /// <summary>Version 7 UUID.</summary>
    public Guid Id { get; init; } = Guid.CreateVersion7();

    /// <summary>The user.</summary>
    public required Guid UserId { get; init; }

    /// <summary>SHA-256 of the session token.</summary>
    public required byte[] TokenHash { get; init; }

    /// <summary>Creation.</summary>
    public DateTimeOffset CreatedAt { get; init; }

    /// <summary>Last use, to the minute.</summary>
    public DateTimeOffset LastUsedAt { get; set; }

    /// <summary>End of validity.</summary>
    public required DateTimeOffset ExpiresAt { get; set; }

    /// <summary>The user.</summary>
    public User? User { get; init; }
}
