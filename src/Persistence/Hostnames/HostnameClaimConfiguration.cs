using Gatehouse.Persistence.Tenancy;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;

namespace Gatehouse.Persistence.Hostnames;

internal sealed class HostnameClaimConfiguration : IEntityTypeConfiguration<HostnameClaimEntity>
{
    public void Configure(EntityTypeBuilder<HostnameClaimEntity> builder)
    {
        builder.ToTable("hostname_claims", table => table.HasCheckConstraint("hostname_claims_state", "state IN ('Pending', 'Verified', 'Lost')"));
        builder.HasKey(claim => new { claim.TenantId, claim.Id });
        builder.Property(claim => claim.State).HasConversion<string>();
        builder.Property(claim => claim.Proof).HasConversion<string>();
        builder.HasIndex(claim => new { claim.TenantId, claim.Hostname }).IsUnique();
        builder.HasIndex(claim => claim.Hostname).HasDatabaseName("hostname_claims_one_winner").HasFilter("state = 'Verified'").IsUnique();
        builder.HasOne<Tenant>().WithMany().HasForeignKey(claim => claim.TenantId).OnDelete(DeleteBehavior.Cascade);
    }
}
