using Gatehouse.Persistence.Tenancy;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;

namespace Gatehouse.Persistence.Idempotency;

/// <summary>The answer that a POST with an <c>Idempotency-Key</c> got; stored in the transaction of its write.</summary>
public sealed class IdempotencyKey : ITenantOwned
{
    /// <inheritdoc />
    public required Guid TenantId { get; init; }

    /// <summary>Version 7 UUID.</summary>
    public Guid Id { get; init; } = Guid.CreateVersion7();

    /// <summary>Who asked (<see cref="Audit.Actor"/> as <c>kind:id</c>): two actors may use the same key.</summary>
    public required string Actor { get; init; }

    /// <summary>The key as it was sent.</summary>
    public required string Key { get; init; }

    /// <summary>SHA-256 of method, path and body: the same key with another request is refused.</summary>
    public required byte[] RequestHash { get; init; }

    /// <summary>HTTP status.</summary>
    public required int Status { get; init; }

    /// <summary>Body as text; null where it must not be kept (a new token is shown once).</summary>
    public string? Body { get; init; }

    /// <summary>Location header.</summary>
    public string? Location { get; init; }

    /// <summary>ETag header.</summary>
    public string? ETag { get; init; }

    /// <summary>Creation; keys are kept for 24 hours.</summary>
    public required DateTimeOffset CreatedAt { get; init; }
}

internal sealed class IdempotencyKeyConfiguration : IEntityTypeConfiguration<IdempotencyKey>
{
    public void Configure(EntityTypeBuilder<IdempotencyKey> builder)
    {
        builder.ToTable("idempotency_keys");
        builder.HasKey(key => new { key.TenantId, key.Id });
        builder.HasIndex(key => new { key.TenantId, key.Actor, key.Key }).IsUnique();
        builder.HasIndex(key => new { key.TenantId, key.CreatedAt });
        builder.HasOne<Tenant>().WithMany().HasForeignKey(key => key.TenantId).OnDelete(DeleteBehavior.Cascade);
    }
}
