using Gatehouse.Api.Errors;
using Gatehouse.Persistence;
using Gatehouse.Persistence.Resources;
using Gatehouse.ServiceDefaults;

namespace Gatehouse.Api.Resources;

/// <summary>A write that is about to happen.</summary>
/// <param name="Transaction">Where it happens.</param>
/// <param name="Entity">The row with its new content; on deletion as it is.</param>
/// <param name="Spec">The new spec; on deletion the present one.</param>
/// <param name="PreviousSpec">The present spec; null: the object is new.</param>
/// <param name="Request">Request, for options that are the kind's own.</param>
internal sealed record PendingWrite(WriteTransaction Transaction, ResourceEntity Entity, object Spec, object? PreviousSpec, HttpRequest Request)
{
    /// <summary>What was written with the spec and is no part of it: a Certificate's private key, a Cluster's kubeconfig; null: nothing.</summary>
    public Secret? Secret { get; init; }

    /// <summary>What the answer warns of.</summary>
    public List<string> Warnings { get; } = [];
}

/// <summary>What a kind asks for beyond a valid spec. They run in the transaction of the write.</summary>
internal interface IKindRules
{
    /// <summary>The kind that the rules are about.</summary>
    string Kind { get; }

    /// <summary>Before the object is created or changed.</summary>
    Task<Error?> BeforeSaveAsync(PendingWrite write, CancellationToken cancellationToken);

    /// <summary>Before the object is deleted.</summary>
    Task<Error?> BeforeDeleteAsync(PendingWrite write, CancellationToken cancellationToken);
}
