using Gatehouse.Contracts.Api;
using Gatehouse.Control.Loading;
using Gatehouse.Control.Status.Clusters;
using Gatehouse.Gateway.Resources;
using Gatehouse.Gateway.Status;

namespace Gatehouse.Control.Status;

/// <summary>Writes the status of one object in the REST API's shape.</summary>
internal sealed class StatusWriter(ObjectView view, TransitionTimes times, DateTimeOffset updatedAt, DateTimeOffset now)
{
    private static readonly string[] Leading = [ConditionType.Accepted, ConditionType.ResolvedRefs];

    private readonly ResourceStatus _compiled = view.Compiled;
    private readonly Summary _summary = new(view);

    private ClusterSummary Clusters => _summary.Clusters;

    /// <summary>Status, and the types of conditions that stay False until somebody writes something.</summary>
    public (ObjectStatus Status, IReadOnlySet<string> Final) Write()
    {
        var conditions = new List<ObjectCondition>();
        conditions.AddRange(_compiled.Conditions.Where(condition => Leading.Contains(condition.Type)).Select(condition => Compiled("", Clusters.Over(condition))));
        if (Clusters.Projected is { } projected)
            conditions.Add(Derived("", projected.As(ConditionType.Projected, _compiled.Generation)));
        conditions.Add(Derived("", _summary.Programmed.As(ConditionType.Programmed, _compiled.Generation)));
        conditions.Add(Derived("", _summary.Live.As(ConditionType.Live, _compiled.Generation)));
        var isBackend = _compiled.Key.Kind == ResourceKind.Backend;
        if (isBackend)
            conditions.Add(Derived("", _summary.Healthy.As(ConditionType.Healthy, _compiled.Generation)));
        conditions.AddRange(_compiled.Conditions.Where(condition => !Leading.Contains(condition.Type) && condition.Type != ConditionType.Programmed).Select(condition => Compiled("", Clusters.OverCertificate(condition))));
        if (Clusters.DualRunning is { } dual)
            conditions.Add(Derived("", dual.As(ConditionType.DualRunning, _compiled.Generation)));
        var issued = _compiled.Key.Kind == ResourceKind.Certificate ? IssuedRule.Of(view, now) : null;
        if (issued is not null)
            conditions.Add(Derived("", issued.As(ConditionType.Issued, _compiled.Generation)));
        if (ExpiresSoonRule.Of(view, now) is { } expiry)
            conditions.Add(Show(expiry.Verdict.As(ConditionType.ExpiresSoon, _compiled.Generation), expiry.Since));
        var status = new ObjectStatus
        {
            Conditions = conditions,
            Parents = _compiled.Parents?.Concat(ClusterParents.Of(Clusters.Clusters, [.. _compiled.Parents.Select(parent => parent.ParentRef)])).Select(Parent).ToList(),
            Ancestors = _compiled.Ancestors?.Select(Ancestor).Concat(ClusterParents.Of(Clusters.Clusters, [.. _compiled.Ancestors.Select(ancestor => ancestor.AncestorRef)]).Select(Ancestor)).ToList(),
            Listeners = _compiled.Listeners?.Select(Listener).ToList(),
            Addresses = Addresses(),
            SupportedFeatures = Clusters.IsEmpty ? _compiled.SupportedFeatures?.Select(name => new SupportedFeature(name)).ToList() : Clusters.SupportedFeatures,
            AttachedListenerSets = _compiled.AttachedListenerSets,
            Certificate = _compiled.Certificate is { } facts
                ? new CertificateFacts(facts.Subject, facts.Issuer, [.. facts.DnsNames, .. facts.Addresses], facts.Fingerprint)
                : null,
            NotBefore = _compiled.Certificate?.NotBefore,
            NotAfter = _compiled.Certificate?.NotAfter,
            Endpoints = isBackend ? HealthRule.EndpointsOf(view) : null,
            Clusters = ClusterPlaces.Of(Clusters.Clusters),
        };
        return (status, Final(issued));
    }

    /// <summary>Nothing is known yet of this generation.</summary>
    public static (ObjectStatus Status, IReadOnlySet<string> Final) NotCompiled(ResourceKey key, long generation, DateTimeOffset at, bool concernsCluster)
    {
        string[] types = [.. Leading, .. concernsCluster ? [ConditionType.Projected] : Array.Empty<string>(), ConditionType.Programmed, ConditionType.Live, .. key.Kind switch
        {
            ResourceKind.Hostname => [ConditionType.Verified, ConditionType.CertificateReady],
            ResourceKind.Backend => [ConditionType.Healthy],
            ResourceKind.Certificate => [ConditionType.Issued],
            _ => Array.Empty<string>(),
        }];
        var unknown = Verdict.Unknown("Pending", "Not compiled yet. If this stays, its GatewayClass belongs to another controller.");
        return (new ObjectStatus { Conditions = [.. types.Select(type => Show(unknown.As(type, generation), at))] }, new HashSet<string>());
    }

    /// <summary>The stored spec cannot be read.</summary>
    public static (ObjectStatus Status, IReadOnlySet<string> Final) Faulty(SpecFault fault, DateTimeOffset at)
    {
        string[] types = [ConditionType.Accepted, ConditionType.Programmed, ConditionType.Live];
        var verdict = Verdict.False("Invalid", fault.Message, final: true);
        return (new ObjectStatus { Conditions = [.. types.Select(type => Show(verdict.As(type, fault.Generation), at))] }, types.ToHashSet());
    }

    private HashSet<string> Final(Verdict? issued)
    {
        // What the compiler says stays until the next write; what data planes and clusters say may change by itself, but for what only a
        // write mends.
        var final = _compiled.Conditions.Where(condition => condition.Status == "False").Select(condition => condition.Type).ToHashSet(StringComparer.Ordinal);
        if (final.Contains(ConditionType.Compiled))
            final.UnionWith([ConditionType.Programmed, ConditionType.Live, ConditionType.Healthy]);
        if (issued is { Final: true })
            final.Add(ConditionType.Issued);
        if (Clusters.Projected is { Final: true })
            final.Add(ConditionType.Projected);
        if (_summary.Programmed.Final)
            final.Add(ConditionType.Programmed);
        if (_summary.Live.Final)
            final.Add(ConditionType.Live);
        if (_summary.Healthy.Final)
            final.Add(ConditionType.Healthy);
        // Proofs are looked for and certificates are had without anybody's write.
        final.Remove(ConditionType.CertificateReady);
        if (_compiled.Conditions.Any(condition => condition is { Type: ConditionType.Verified, Status: "False", Reason: "Pending" }))
            final.ExceptWith([ConditionType.Verified, ConditionType.Accepted, ConditionType.Programmed, ConditionType.Live]);
        return final;
    }

    private List<StatusAddress>? Addresses()
    {
        var clusters = Clusters.Addresses(_compiled.Key);
        return clusters is null || view.HasDataPlanes ? AddressRule.Of(view)?.Union(clusters ?? []).ToList() ?? clusters : clusters;
    }

    private ParentStatus Parent(RouteParentStatus parent)
    {
        var (reference, scope) = Reference(parent.ParentRef, parent.ControllerName);
        return new ParentStatus(reference, parent.ControllerName, [.. parent.Conditions.Select(condition => Compiled(scope, condition))]);
    }

    private AncestorStatus Ancestor(RouteParentStatus ancestor) => Ancestor(new PolicyAncestorStatus(ancestor.ParentRef, ancestor.ControllerName, ancestor.Conditions));

    private AncestorStatus Ancestor(PolicyAncestorStatus ancestor)
    {
        var (reference, scope) = Reference(ancestor.AncestorRef, ancestor.ControllerName);
        return new AncestorStatus(reference, ancestor.ControllerName, [.. ancestor.Conditions.Select(condition => Compiled(scope, condition))]);
    }

    /// <summary>A reference, and what tells its conditions from those of others.</summary>
    private static (ParentRefView Reference, string Scope) Reference(ParentReference parent, string controller) => (
        new ParentRefView
        {
            Group = parent.Group,
            Kind = parent.Kind,
            Namespace = parent.Namespace,
            Name = parent.Name,
            SectionName = parent.SectionName,
            Port = parent.Port,
        },
        $"{parent.Namespace}/{parent.Kind}/{parent.Name}/{parent.SectionName}/{parent.Port}/{controller}/");

    private ListenerStatusView Listener(ListenerStatus listener)
    {
        var scope = listener.Name + "/";
        var conditions = Clusters.Over(listener.Name, listener.Conditions, _compiled.Generation)
            .Where(condition => condition.Type != ConditionType.Programmed).Select(condition => Compiled(scope, condition)).ToList();
        conditions.Add(Derived(scope, _summary.OfListener(view, listener).As(ConditionType.Programmed, _compiled.Generation)));
        return new ListenerStatusView
        {
            Name = listener.Name,
            Port = listener.Port,
            AttachedRoutes = Clusters.AttachedRoutes(listener.Name) ?? listener.AttachedRoutes,
            SupportedKinds = [.. listener.SupportedKinds.Select(kind => new GroupKind(kind.Group, kind.Kind))],
            Conditions = conditions,
        };
    }

    private ObjectCondition Compiled(string scope, Condition condition)
    {
        var causedAt = view.Since.At ?? updatedAt;
        return Show(condition, times.Of(_compiled.Key, scope + condition.Type, condition.Status, 0, causedAt));
    }

    private ObjectCondition Derived(string scope, Condition condition)
    {
        var causedAt = view.Since.At is null ? updatedAt : condition.IsTrue ? AppliedAt() : now;
        return Show(condition, times.Of(_compiled.Key, scope + condition.Type, condition.Status, view.Since.Revision, causedAt));
    }

    /// <summary>When the last replica or cluster applied it.</summary>
    private DateTimeOffset AppliedAt() =>
        view.Replicas.Values.SelectMany(replicas => replicas).Select(replica => replica.AppliedAt)
            .Concat(view.Clusters.SelectMany(cluster => cluster.Objects).Select(target => target.Since).OfType<DateTimeOffset>())
            .Append(view.Since.At ?? updatedAt).Max();

    private static ObjectCondition Show(Condition condition, DateTimeOffset at) => new()
    {
        Type = condition.Type,
        Status = condition.Status,
        Reason = condition.Reason,
        Message = condition.Message,
        ObservedGeneration = condition.ObservedGeneration,
        LastTransitionTime = at,
    };
}
