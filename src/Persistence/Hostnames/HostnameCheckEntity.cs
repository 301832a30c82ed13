using Gatehouse.Persistence.Resources;
using Gatehouse.Persistence.Tenancy;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;

namespace Gatehouse.Persistence.Hostnames;

/// <summary>When a Hostname's DNS is looked at next, and what was seen. It lives as long as its Hostname.</summary>
public sealed class HostnameCheckEntity : ITenantOwned
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

    /// <summary>The last look.</summary>
    public DateTimeOffset? CheckedAt { get; init; }

    /// <summary>Looks in a row that did not prove the claim.</summary>
    public int Failures { get; init; }

    /// <summary>Since when a proof that once stood is gone; null: it stands.</summary>
    public DateTimeOffset? LostSince { get; init; }

    /// <summary>JSON of what was seen (<c>HostnameDns</c> without what is derived anew).</summary>
    public string? Report { get; init; }
}

internal sealed class HostnameCheckConfiguration : IEntityTypeConfiguration<HostnameCheckEntity>
{
    public void Configure(EntityTypeBuilder<HostnameCheckEntity> builder)
    {
        builder.ToTable("hostname_checks");
        builder.HasKey(check => new { check.TenantId, check.HostnameId });
        // Json, not jsonb: what DNS holds may hold U+0000.
        builder.Property(check => check.Report).HasColumnType("json");
        builder.HasIndex(check => check.DueAt);
        builder.HasOne<Tenant>().WithMany().HasForeignKey(check => check.TenantId).OnDelete(DeleteBehavior.Cascade);
        builder.HasOne<ResourceEntity>().WithOne().HasForeignKey<HostnameCheckEntity>(check => new { check.TenantId, check.HostnameId }).OnDelete(DeleteBehavior.Cascade);
    }
}
