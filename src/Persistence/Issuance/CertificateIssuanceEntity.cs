using Gatehouse.Persistence.Resources;
using Gatehouse.Persistence.Tenancy;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;

namespace Gatehouse.Persistence.Issuance;

/// <summary>
/// How far the managed certificate of a Hostname is, and when it is looked at next. It lives as long as its Hostname. The API's login may
/// not read the pending private key back: query what is needed, never the whole row.
/// </summary>
public sealed class CertificateIssuanceEntity : ITenantOwned
{
    /// <inheritdoc />
    public required Guid TenantId { get; init; }

    /// <summary>Id of the Hostname's row in <c>resources</c>.</summary>
    public required Guid HostnameId { get; init; }

    /// <summary>Its name.</summary>
    public required string Hostname { get; init; }

    /// <summary>When it is looked at next.</summary>
    public required DateTimeOffset DueAt { get; init; }

    /// <summary>Until when one of the processes has it in hand; it is taken up again after that.</summary>
    public DateTimeOffset? LeasedUntil { get; init; }

    /// <summary>Grows with each lease: a process that lost its lease writes nothing.</summary>
    public long Epoch { get; init; }

    /// <summary>As in <c>HostnameIssuance.State</c>.</summary>
    public required string State { get; init; }

    /// <summary>As in <c>HostnameIssuance.Step</c>.</summary>
    public string? Step { get; init; }

    /// <summary>Name of the certificate authority.</summary>
    public string? Issuer { get; init; }

    /// <summary>The order that is under way there.</summary>
    public string? OrderUrl { get; init; }

    /// <summary>Grows with each private key that is drawn for an order.</summary>
    public long KeyVersion { get; init; }

    /// <summary>The KEK of the private key of the order; null: there is none.</summary>
    public string? KekId { get; init; }

    /// <summary>Its encrypted data key.</summary>
    public byte[]? WrappedKey { get; init; }

    /// <summary>The encrypted private key.</summary>
    public byte[]? Ciphertext { get; init; }

    /// <summary>Failures in a row, of the present authority.</summary>
    public int Failures { get; init; }

    /// <summary>JSON array of <c>HostnameProblem</c>.</summary>
    public string? Problems { get; init; }

    /// <summary>Serial of the spec's generation that was last acted on: a newer one forgets what stopped.</summary>
    public long Generation { get; init; }

    /// <summary>End of validity of the managed certificate.</summary>
    public DateTimeOffset? NotAfter { get; init; }

    /// <summary>When it will be renewed.</summary>
    public DateTimeOffset? RenewAt { get; init; }

    /// <summary>Why then.</summary>
    public string? RenewBecause { get; init; }
}

internal sealed class CertificateIssuanceConfiguration : IEntityTypeConfiguration<CertificateIssuanceEntity>
{
    public void Configure(EntityTypeBuilder<CertificateIssuanceEntity> builder)
    {
        builder.ToTable("certificate_issuances");
        builder.HasKey(issuance => new { issuance.TenantId, issuance.HostnameId });
        builder.Property(issuance => issuance.Problems).HasColumnType("json");
        builder.Property(issuance => issuance.Epoch).HasDefaultValue(0L);
        builder.Property(issuance => issuance.KeyVersion).HasDefaultValue(0L);
        builder.HasIndex(issuance => issuance.DueAt);
        builder.HasOne<Tenant>().WithMany().HasForeignKey(issuance => issuance.TenantId).OnDelete(DeleteBehavior.Cascade);
        builder.HasOne<ResourceEntity>().WithOne().HasForeignKey<CertificateIssuanceEntity>(issuance => new { issuance.TenantId, issuance.HostnameId }).OnDelete(DeleteBehavior.Cascade);
    }
}
