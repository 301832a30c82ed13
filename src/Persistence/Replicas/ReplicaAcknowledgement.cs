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

    /// <summary>The acknowledgement as JSON with all that was reported (sockets, refusals, health of every backend).</summary>
    public required string State { get; set; }

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
