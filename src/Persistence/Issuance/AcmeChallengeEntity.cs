using Gatehouse.Persistence.Resources;
using Gatehouse.Persistence.Tenancy;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;

namespace Gatehouse.Persistence.Issuance;

/// <summary>A challenge of a certificate authority that data planes answer while this row is there.</summary>
public sealed class AcmeChallengeEntity : ITenantOwned
{
    /// <inheritdoc />
    public required Guid TenantId { get; init; }

    /// <summary>Id of the Hostname's row in <c>resources</c>.</summary>
    public required Guid HostnameId { get; init; }

    /// <summary>Its name.</summary>
    public required string Hostname { get; init; }

    /// <summary>The authority's token; unique.</summary>
    public required string Token { get; init; }

    /// <summary><c>http-01</c> or <c>tls-alpn-01</c>.</summary>
    public required string Type { get; init; }

    /// <summary>What is answered; not secret.</summary>
    public required string KeyAuthorization { get; init; }

    /// <summary>When it was set up.</summary>
    public required DateTimeOffset CreatedAt { get; init; }
}

internal sealed class AcmeChallengeConfiguration : IEntityTypeConfiguration<AcmeChallengeEntity>
{
    public void Configure(EntityTypeBuilder<AcmeChallengeEntity> builder)
    {
        builder.ToTable("acme_challenges", table => table.HasCheckConstraint("acme_challenges_type", "type IN ('http-01', 'tls-alpn-01')"));
        builder.HasKey(challenge => new { challenge.TenantId, challenge.Token });
        builder.HasIndex(challenge => new { challenge.TenantId, challenge.HostnameId });
        builder.HasOne<Tenant>().WithMany().HasForeignKey(challenge => challenge.TenantId).OnDelete(DeleteBehavior.Cascade);
        builder.HasOne<ResourceEntity>().WithMany().HasForeignKey(challenge => new { challenge.TenantId, challenge.HostnameId }).OnDelete(DeleteBehavior.Cascade);
    }
}
