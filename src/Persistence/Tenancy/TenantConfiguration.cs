using Gatehouse.Persistence.Conventions;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;

namespace Gatehouse.Persistence.Tenancy;

internal sealed class TenantConfiguration : IEntityTypeConfiguration<Tenant>
{
    public void Configure(EntityTypeBuilder<Tenant> builder)
    {
        builder.ToTable("tenants", table => table.HasCheckConstraint("tenants_name_is_a_label", "name ~ '^[a-z0-9]([-a-z0-9]{0,61}[a-z0-9])?$'"));
        builder.HasKey(tenant => tenant.Id);
        builder.Property(tenant => tenant.Id).ValueGeneratedNever();
        builder.HasIndex(tenant => tenant.Name).IsUnique();
        builder.Property(tenant => tenant.ProofKey).HasDefaultValueSql("gen_random_uuid()").ValueGeneratedOnAdd();
        builder.Property(tenant => tenant.Labels).AsStringMap();
        builder.Property(tenant => tenant.Version).IsRowVersion();
    }
}
