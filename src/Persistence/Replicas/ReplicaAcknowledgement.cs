using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;
using Gatehouse.Persistence.Conventions;

namespace Gatehouse.Persistence.Replicas;

/// <summary>What one data-plane replica last said; one row for each replica, overwritten.</summary>
public sealed class ReplicaAcknowledgement
{
    /// <summary>Pool that it serves.</summary>
    public required string Pool { get; init; }

    /// <summary>Name of the replica.</summary>
    public required string Replica { get; init; }

    /// <summary>Revision that is in force.</summary>
    public required long AppliedRevision { get; set; }

    /// <summary>What was reported, as JSON, without the health of backends.</summary>
    public required string State { get; set; }

    /// <summary>Health of every backend, as gzip'd JSON; null: not reported yet.</summary>
    public byte[]? Health { get; set; }

    /// <summary>Grows with each change of <see cref="Health"/>, so that readers fetch it only then.</summary>
    public long HealthVersion { get; set; }

    /// <summary>Last word.</summary>
    public required DateTimeOffset LastSeenAt { get; set; }
}

internal sealed class ReplicaAcknowledgementConfiguration : IEntityTypeConfiguration<ReplicaAcknowledgement>
{
    public void Configure(EntityTypeBuilder<ReplicaAcknowledgement> builder)
    {
        builder.ToTable("replica_acknowledgements");
        builder.HasKey(acknowledgement => new { acknowledgement.Pool, acknowledgement.Replica });
        builder.Property(acknowledgement => acknowledgement.State).AsJson();
    }
}
