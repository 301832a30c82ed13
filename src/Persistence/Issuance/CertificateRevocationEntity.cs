using Gatehouse.Persistence.Tenancy;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;

namespace Gatehouse.Persistence.Issuance;

/// <summary>
/// A wish to revoke a certificate that was issued here. It stays until an authority has done it or the certificate is over, also when the
/// Hostname is gone.
/// </summary>
public sealed class CertificateRevocationEntity : ITenantOwned
{
    /// <inheritdoc />
    public required Guid TenantId { get; init; }

    /// <summary>Version 7 UUID.</summary>
    public Guid Id { get; init; } = Guid.CreateVersion7();

    /// <summary>Name of the Hostname.</summary>
    public required string Hostname { get; init; }

    /// <summary>PEM of the leaf.</summary>
    public required string Certificate { get; init; }

    /// <summary>The authority that is asked first; null: any.</summary>
    public string? Issuer { get; init; }

    /// <summary>Number of RFC 5280 section 5.3.1.</summary>
    public required int Reason { get; init; }

    /// <summary>When it was wished.</summary>
    public required DateTimeOffset RequestedAt { get; init; }

    /// <summary>When an authority is asked next.</summary>
    public required DateTimeOffset DueAt { get; init; }

    /// <summary>Until when one of the processes has it in hand.</summary>
    public DateTimeOffset? LeasedUntil { get; init; }

    /// <summary>Failures in a row.</summary>
    public int Failures { get; init; }

    /// <summary>What the authority said last; null: nothing yet.</summary>
    public string? Problem { get; init; }
}

internal sealed class CertificateRevocationConfiguration : IEntityTypeConfiguration<CertificateRevocationEntity>
{
    public void Configure(EntityTypeBuilder<CertificateRevocationEntity> builder)
    {
        builder.ToTable("certificate_revocations");
        builder.HasKey(revocation => new { revocation.TenantId, revocation.Id });
        builder.Property(revocation => revocation.Id).ValueGeneratedNever();
        builder.HasIndex(revocation => revocation.DueAt);
        builder.HasOne<Tenant>().WithMany().HasForeignKey(revocation => revocation.TenantId).OnDelete(DeleteBehavior.Cascade);
    }
}
