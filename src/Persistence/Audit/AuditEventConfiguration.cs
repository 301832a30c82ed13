using Gatehouse.Persistence.Conventions;
using Gatehouse.Persistence.Tenancy;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;

namespace Gatehouse.Persistence.Audit;

internal sealed class AuditEventConfiguration : IEntityTypeConfiguration<AuditEvent>
{
    public void Configure(EntityTypeBuilder<AuditEvent> builder)
    {
        builder.ToTable("audit_events", table => table.HasCheckConstraint("audit_events_actor_kind", "actor_kind IN ('user', 'token', 'system')"));
        builder.HasKey(audit => new { audit.TenantId, audit.Id });
        builder.Property(audit => audit.Before).AsJson();
        builder.Property(audit => audit.After).AsJson();
        builder.HasOne<Tenant>().WithMany().HasForeignKey(audit => audit.TenantId).OnDelete(DeleteBehavior.Cascade);
        builder.HasIndex(audit => new { audit.TenantId, audit.ObjectKind, audit.ObjectName });
    }
}
