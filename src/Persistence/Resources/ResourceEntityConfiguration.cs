using Gatehouse.Persistence.Conventions;
using Gatehouse.Persistence.Tenancy;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;

namespace Gatehouse.Persistence.Resources;

internal sealed class ResourceEntityConfiguration : IEntityTypeConfiguration<ResourceEntity>
{
    public void Configure(EntityTypeBuilder<ResourceEntity> builder)
    {
        builder.ToTable("resources", table =>
        {
            table.HasCheckConstraint("resources_generation_is_positive", "generation >= 1");
            table.HasCheckConstraint("resources_managed_scope", "managed_scope IN ('platform', 'tenant')");
            table.HasCheckConstraint("resources_managed_together", "(managed_scope IS NULL) = (managed_source IS NULL)");
        });
        builder.HasKey(resource => new { resource.TenantId, resource.Id });
        builder.Property(resource => resource.Labels).AsStringMap();
        builder.Property(resource => resource.Annotations).AsStringMap();
        builder.Property(resource => resource.Spec).AsJson();
        builder.Ignore(resource => resource.Owner);
        builder.Property(resource => resource.ManagedScope);
        builder.Property(resource => resource.ManagedSource);
        builder.HasIndex(resource => new { resource.ManagedSource, resource.ManagedScope, resource.TenantId }).HasFilter("managed_source IS NOT NULL");
        builder.Property(resource => resource.Version).IsRowVersion();
        builder.HasIndex(resource => new { resource.TenantId, resource.Kind, resource.Name }).IsUnique();
        builder.HasOne<Tenant>().WithMany().HasForeignKey(resource => resource.TenantId).OnDelete(DeleteBehavior.Cascade);
    }
}
