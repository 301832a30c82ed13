using Gatehouse.Persistence.Audit;
using Gatehouse.Persistence.Clusters;
using Gatehouse.Persistence.Conventions;
using Gatehouse.Persistence.Hostnames;
using Gatehouse.Persistence.Idempotency;
using Gatehouse.Persistence.Identity;
using Gatehouse.Persistence.Issuance;
using Gatehouse.Persistence.PrivateKeys;
using Gatehouse.Persistence.Replicas;
using Gatehouse.Persistence.Resources;
using Gatehouse.Persistence.Revisions;
using Gatehouse.Persistence.Tenancy;
using Microsoft.AspNetCore.Identity.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore;

namespace Gatehouse.Persistence;

/// <summary>The database. Tenant rows are seen only inside a transaction of <see cref="Transactions"/>.</summary>
public sealed class GatehouseDbContext(DbContextOptions<GatehouseDbContext> options) : IdentityUserContext<User, Guid>(options)
{
    /// <summary>Name of the query filter, to switch it off where row-level security has a policy of its own.</summary>
    public const string TenantFilter = "tenant";

    /// <summary>Name of the table with the applied migrations.</summary>
    public const string MigrationsTable = "schema_migrations";

    /// <summary>The tenant whose rows are seen; null: none are.</summary>
    public Guid? TenantId { get; internal set; }

    /// <summary>Tenants.</summary>
    public DbSet<Tenant> Tenants => Set<Tenant>();

    /// <summary>Objects of all kinds.</summary>
    public DbSet<ResourceEntity> Resources => Set<ResourceEntity>();

    /// <summary>The ledger, as far as the tenant sees it.</summary>
    public DbSet<HostnameClaimEntity> HostnameClaims => Set<HostnameClaimEntity>();

    /// <summary>When Hostnames' DNS is looked at, and what was seen.</summary>
    public DbSet<HostnameCheckEntity> HostnameChecks => Set<HostnameCheckEntity>();

    /// <summary>How far managed certificates are.</summary>
    public DbSet<CertificateIssuanceEntity> CertificateIssuances => Set<CertificateIssuanceEntity>();

    /// <summary>Challenges that data planes answer.</summary>
    public DbSet<AcmeChallengeEntity> AcmeChallenges => Set<AcmeChallengeEntity>();

    /// <summary>Certificates that are to be revoked.</summary>
    public DbSet<CertificateRevocationEntity> CertificateRevocations => Set<CertificateRevocationEntity>();

    /// <summary>Members.</summary>
    public DbSet<Membership> Memberships => Set<Membership>();

    /// <summary>API tokens.</summary>
    public DbSet<ApiToken> ApiTokens => Set<ApiToken>();

    /// <summary>Sessions.</summary>
    public DbSet<Session> Sessions => Set<Session>();

    /// <summary>Audit events.</summary>
    public DbSet<AuditEvent> AuditEvents => Set<AuditEvent>();

    /// <summary>Revisions.</summary>
    public DbSet<Revision> Revisions => Set<Revision>();

    /// <summary>Number of the newest revision.</summary>
    public DbSet<RevisionHead> RevisionHead => Set<RevisionHead>();

    /// <summary>Idempotency keys.</summary>
    public DbSet<IdempotencyKey> IdempotencyKeys => Set<IdempotencyKey>();

    /// <summary>Private keys of certificates, encrypted.</summary>
    public DbSet<PrivateKeyEntity> PrivateKeys => Set<PrivateKeyEntity>();

    /// <summary>Kubeconfigs of Clusters, encrypted.</summary>
    public DbSet<ClusterCredentialEntity> ClusterCredentials => Set<ClusterCredentialEntity>();

    /// <summary>Data-plane replicas.</summary>
    public DbSet<ReplicaAcknowledgement> ReplicaAcknowledgements => Set<ReplicaAcknowledgement>();

    /// <summary>The open write transaction.</summary>
    internal WriteTransaction? Writing { get; set; }

    /// <inheritdoc />
    public override async Task<int> SaveChangesAsync(bool acceptAllChangesOnSuccess, CancellationToken cancellationToken = default)
    {
        AuditTrail.Append(this);
        return await base.SaveChangesAsync(acceptAllChangesOnSuccess, cancellationToken);
    }

    /// <inheritdoc />
    public override int SaveChanges(bool acceptAllChangesOnSuccess) =>
        throw new NotSupportedException("Use SaveChangesAsync.");

    /// <inheritdoc />
    protected override void ConfigureConventions(ModelConfigurationBuilder configurationBuilder) =>
        configurationBuilder.Conventions.Add(_ => new SnakeCaseConvention());

    /// <inheritdoc />
    protected override void OnModelCreating(ModelBuilder builder)
    {
        base.OnModelCreating(builder);
        builder.ApplyConfigurationsFromAssembly(typeof(GatehouseDbContext).Assembly);
        FilterByTenant<ResourceEntity>(builder);
        FilterByTenant<HostnameClaimEntity>(builder);
        FilterByTenant<Membership>(builder);
        FilterByTenant<ApiToken>(builder);
        FilterByTenant<AuditEvent>(builder);
        FilterByTenant<Revision>(builder);
        FilterByTenant<RevisionChange>(builder);
        FilterByTenant<IdempotencyKey>(builder);
        FilterByTenant<PrivateKeyEntity>(builder);
        FilterByTenant<ClusterCredentialEntity>(builder);
        FilterByTenant<HostnameCheckEntity>(builder);
        FilterByTenant<CertificateIssuanceEntity>(builder);
        FilterByTenant<AcmeChallengeEntity>(builder);
        FilterByTenant<CertificateRevocationEntity>(builder);
    }

    private void FilterByTenant<TEntity>(ModelBuilder builder)
        where TEntity : class, ITenantOwned =>
        builder.Entity<TEntity>().HasQueryFilter(TenantFilter, entity => entity.TenantId == TenantId);
}
