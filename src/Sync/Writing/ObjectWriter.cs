using Gatehouse.Control.Clusters;
using Gatehouse.Gateway.Projection;
using Gatehouse.Sync.Kubernetes;
using Gatehouse.Sync.Leases;
using Gatehouse.Sync.Observing;
using Gatehouse.Sync.Planning;
using Gatehouse.Sync.Reporting;

namespace Gatehouse.Sync.Writing;

/// <summary>
/// Carries out one write. Only objects of ours are touched: what the cache does not know is looked at first. Every request that changes
/// something passes the fence.
/// </summary>
internal sealed class ObjectWriter(IKubernetesApi api, Fence fence, IntentBuilder intents, NamespaceContents contents, string owner, LeaseTimes times)
{
    private static readonly ApplyOptions Gentle = new(ObjectMarks.FieldManager);
    private static readonly ApplyOptions Forced = new(ObjectMarks.FieldManager, Force: true);

    /// <summary>Never throws but for cancellation and <see cref="LeaseLostException"/>.</summary>
    public async Task<WriteOutcome> RunAsync(WriteOrder order, CancellationToken cancellationToken)
    {
        using var patience = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        patience.CancelAfter(times.LongestWrite);
        try
        {
            return order.Action switch
            {
                PlannedAction.Delete => await DeleteAsync(order, patience.Token),
                PlannedAction.Look => await LookAsync(order, patience.Token) ?? new NotThere(),
                _ => await ApplyAsync(order, order.Desired!, patience.Token),
            };
        }
        catch (KubernetesException failure)
        {
            return failure.IsTransient || failure.Status is 401 ? new Troubled(Failures.Describe(failure), failure.RetryAfter) : new Refused(Failures.Describe(failure), failure.Status is 404);
        }
        catch (OperationCanceledException failure) when (!cancellationToken.IsCancellationRequested)
        {
            return new Troubled(Failures.Describe(failure), null);
        }
        catch (FenceException failure)
        {
            return new FencedOff(failure.Message);
        }
    }

    private async Task<WriteOutcome> ApplyAsync(WriteOrder order, ProjectedObject desired, CancellationToken cancellationToken)
    {
        if (await api.FindKindAsync(desired.Id.ApiVersion, desired.Id.Kind, cancellationToken) is not { } kind)
            return new Refused($"The cluster does not serve {desired.Id.Kind} in {desired.Id.ApiVersion}.", MayPass: true);
        if (order.Observed is null && await LookAsync(order, cancellationToken) is { } other)
            return other;

        var observed = order.Observed;
        if (desired.ExternalWeights && observed is not null)
        {
            if (await api.GetAsync(kind, desired.Id.Namespace, desired.Id.Name, cancellationToken) is not { } fresh)
                return new NotThere();
            observed = ObservedObject.Of(fresh);
        }
        using var intent = await intents.BuildAsync(desired, observed, cancellationToken);
        if (intent.Problem is { } problem)
            return new Refused(problem);
        try
        {
            var applied = await SendAsync(kind, desired, intent, Gentle, cancellationToken);
            if (order.Observed is null && !applied.Created && Ownership.WasThereBefore(applied.Object))
                return await UndoAsync(kind, desired, cancellationToken);
            return new Written(applied.Object, applied.Created, Forced: false);
        }
        catch (KubernetesException conflict) when (conflict.Status == 409)
        {
            return await ResolveAsync(order, kind, desired, intent, conflict, cancellationToken);
        }
    }

    // What was ours when it was decided may be taken back; nothing else.
    private async Task<WriteOutcome> ResolveAsync(WriteOrder order, ApiKind kind, ProjectedObject desired, Intent intent, KubernetesException conflict, CancellationToken cancellationToken)
    {
        if (conflict.Conflicts.Count == 0)
            return new Outdated();
        if (order.Observed is null || desired.IsNamespace || !desired.RepairsDrift)
            return new Conflicted([.. conflict.Conflicts.Select(static cause => new ReportedField(cause.Field, cause.Manager))]);
        try
        {
            var applied = await SendAsync(kind, desired, intent, Forced, cancellationToken);
            return new Written(applied.Object, applied.Created, Forced: true);
        }
        catch (KubernetesException again) when (again.Status == 409)
        {
            return new Outdated();
        }
    }

    private async Task<(ObservedObject Object, bool Created)> SendAsync(ApiKind kind, ProjectedObject desired, Intent intent, ApplyOptions options, CancellationToken cancellationToken)
    {
        await PassAsync(cancellationToken);
        var applied = await api.ApplyAsync(kind, desired.Id.Namespace, desired.Id.Name, intent.Bytes, options, cancellationToken);
        return (ObservedObject.Of(applied.Object), applied.Created);
    }

    // An intent without fields gives back what was just taken: others' fields were not, because nothing was forced.
    private async Task<WriteOutcome> UndoAsync(ApiKind kind, ProjectedObject desired, CancellationToken cancellationToken)
    {
        using var nothing = IntentBuilder.Empty(desired);
        await SendAsync(kind, desired, nothing, Gentle, cancellationToken);
        return new ForeignFound(ForeignMessage(null, desired.Id.ToString()));
    }

    /// <summary>What is there by that name; null: nothing.</summary>
    private async Task<WriteOutcome?> LookAsync(WriteOrder order, CancellationToken cancellationToken)
    {
        var id = order.Desired!.Id;
        if (await api.FindKindAsync(id.ApiVersion, id.Kind, cancellationToken) is not { } kind || await api.GetAsync(kind, id.Namespace, id.Name, cancellationToken) is not { } json)
            return null;
        var found = ObservedObject.Of(json);
        return Ownership.IsOurs(found, owner, order.KnownUid) ? new Found(found) : new ForeignFound(ForeignMessage(found, id.ToString()));
    }

    private async Task<WriteOutcome> DeleteAsync(WriteOrder order, CancellationToken cancellationToken)
    {
        if (order.Observed is not { } observed || order.Kind is not { } kind || !observed.IsMarked(owner))
            return new Outdated();
        if (order.Key.IsNamespace && await contents.KeeperAsync(order.Key.Name, owner, cancellationToken) is { } keeper)
            return new NamespaceKept(keeper);
        await PassAsync(cancellationToken);
        try
        {
            await api.DeleteAsync(kind, order.Key.Namespace, order.Key.Name, observed.Uid, observed.ResourceVersion, cancellationToken);
            return new NotThere();
        }
        catch (KubernetesException conflict) when (conflict.Status == 409)
        {
            return new Outdated();
        }
        catch (KubernetesException missing) when (missing.Status == 404)
        {
            return new NotThere();
        }
    }

    private async Task PassAsync(CancellationToken cancellationToken)
    {
        try
        {
            await fence.PassAsync(cancellationToken);
        }
        catch (Exception failure) when (failure is not LeaseLostException)
        {
            throw new FenceException("The worker cannot ask Postgres whether it still leads, so it writes nothing.", failure);
        }
    }

    public static string ForeignMessage(ObservedObject? found, string id)
    {
        if (found?.Label(ObjectMarks.Owner) is not null)
            return $"{id} belongs to another Gatehouse installation or cluster entry. Let only one of them write there, or rename one of the two.";
        return $"{id} exists in the cluster and is not Gatehouse's: it is left alone. Delete or rename it there, or give the object here another name.";
    }
}

/// <summary>Postgres could not be asked who leads.</summary>
internal sealed class FenceException(string message, Exception inner) : Exception(message, inner);
