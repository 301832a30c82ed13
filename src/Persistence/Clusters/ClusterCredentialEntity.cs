using Gatehouse.Persistence.PrivateKeys;
using Gatehouse.Persistence.Resources;
using Gatehouse.Persistence.Tenancy;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;

namespace Gatehouse.Persistence.Clusters;

/// <summary>
/// The kubeconfig that was uploaded for a Cluster, encrypted (<see cref="KeyEnvelope"/>). The API's login may write it and may not read the
/// ciphertext: query what is needed, never the whole row.
/// </summary>
public sealed class ClusterCredentialEntity : ITenantOwned
{
    /// <summary>The tenant <c>platform</c>, where Clusters lie.</summary>
    public required Guid TenantId { get; init; }

    /// <summary>Id of the Cluster's row in <c>resources</c>.</summary>
    public required Guid ClusterId { get; init; }

    /// <summary>Grows with each kubeconfig that is written; starts at 1.</summary>
    public required long Version { get; init; }

    /// <summary>Id of the KEK.</summary>
    public required string KekId { get; init; }

    /// <summary>The encrypted data key.</summary>
    public required byte[] WrappedKey { get; init; }

    /// <summary>The encrypted kubeconfig.</summary>
    public required byte[] Ciphertext { get; init; }

    /// <summary>When it was written.</summary>
    public required DateTimeOffset UpdatedAt { get; init; }
}

internal sealed class ClusterCredentialEntityConfiguration : IEntityTypeConfiguration<ClusterCredentialEntity>
{
    public void Configure(EntityTypeBuilder<ClusterCredentialEntity> builder)
    {
        builder.ToTable("cluster_credentials", table => table.HasCheckConstraint("cluster_credentials_version_is_positive", "version >= 1"));
        builder.HasKey(credential => new { credential.TenantId, credential.ClusterId });
        builder.HasIndex(credential => new { credential.TenantId, credential.KekId });
        builder.HasOne<Tenant>().WithMany().HasForeignKey(credential => credential.TenantId).OnDelete(DeleteBehavior.Cascade);
        builder.HasOne<ResourceEntity>().WithOne()
            .HasForeignKey<ClusterCredentialEntity>(credential => new { credential.TenantId, credential.ClusterId }).OnDelete(DeleteBehavior.Cascade);
    }
}
