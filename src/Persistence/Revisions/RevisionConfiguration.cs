using Gatehouse.Persistence.Audit;
using Gatehouse.Persistence.Tenancy;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;

namespace Gatehouse.Persistence.Revisions;

internal sealed class RevisionConfiguration : IEntityTypeConfiguration<Revision>
{
    public void Configure(EntityTypeBuilder<Revision> builder)
    {
        builder.ToTable("revisions");
        builder.HasKey(revision => new { revision.TenantId, revision.Number });
        builder.Property(revision => revision.Number).ValueGeneratedNever();
        builder.HasIndex(revision => revision.Number);
        builder.HasOne<Tenant>().WithMany().HasForeignKey(revision => revision.TenantId).OnDelete(DeleteBehavior.Cascade);
        builder.HasMany(revision => revision.Changes).WithOne()
            .HasForeignKey(change => new { change.TenantId, change.Revision }).OnDelete(DeleteBehavior.Cascade);
    }
}

internal sealed class RevisionChangeConfiguration : IEntityTypeConfiguration<RevisionChange>
{
    public void Configure(EntityTypeBuilder<RevisionChange> builder)
    {
        builder.ToTable("revision_changes");
        builder.HasKey(change => new { change.TenantId, change.Revision, change.AuditEventId });
        builder.HasIndex(change => change.Revision);
        builder.HasOne<AuditEvent>().WithMany()
            .HasForeignKey(change => new { change.TenantId, change.AuditEventId }).OnDelete(DeleteBehavior.Cascade);
    }
}

internal sealed class RevisionHeadConfiguration : IEntityTypeConfiguration<RevisionHead>
{
    public void Configure(EntityTypeBuilder<RevisionHead> builder)
    {
        builder.ToTable("revision_head", table => table.HasCheckConstraint("revision_head_has_one_row", "singleton"));
        builder.HasKey(head => head.Singleton);
        builder.Property(head => head.Singleton).ValueGeneratedNever();
        builder.HasData(new RevisionHead { Number = 0 });
    }
}
