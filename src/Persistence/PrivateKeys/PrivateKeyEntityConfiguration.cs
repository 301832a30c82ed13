using Gatehouse.Persistence.Resources;
using Gatehouse.Persistence.Tenancy;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;

namespace Gatehouse.Persistence.PrivateKeys;

internal sealed class PrivateKeyEntityConfiguration : IEntityTypeConfiguration<PrivateKeyEntity>
{
    public void Configure(EntityTypeBuilder<PrivateKeyEntity> builder)
    {
        builder.ToTable("private_keys", table => table.HasCheckConstraint("private_keys_version_is_positive", "version >= 1"));
        builder.HasKey(key => new { key.TenantId, key.CertificateId });
        builder.HasIndex(key => new { key.TenantId, key.KekId });
        builder.HasOne<Tenant>().WithMany().HasForeignKey(key => key.TenantId).OnDelete(DeleteBehavior.Cascade);
        builder.HasOne<ResourceEntity>().WithOne()
            .HasForeignKey<PrivateKeyEntity>(key => new { key.TenantId, key.CertificateId }).OnDelete(DeleteBehavior.Cascade);
    }
}
