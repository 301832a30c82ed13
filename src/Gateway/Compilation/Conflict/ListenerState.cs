using Gatehouse.Gateway.Compilation.Conditions;
using Gatehouse.Gateway.Compilation.Resolve;
using Gatehouse.Gateway.Matching;

namespace Gatehouse.Gateway.Compilation.Conflict;

/// <summary>A listener with the outcome of its conflicts.</summary>
internal sealed class ListenerState(ListenerModel model)
{
    private readonly int _hash = model.Id.GetHashCode(StringComparison.Ordinal);

    public ListenerModel Model { get; set; } = model;

    /// <summary>Conflicted=True, or null.</summary>
    public Verdict? Conflict { get; set; }

    /// <summary>Whether it takes requests.</summary>
    public bool Serves => Model.IsCandidate && Conflict is null;

    public string Pool => Model.Gateway.Pool;

    public ListenerEntry Entry => new()
    {
        Id = Model.Id,
        Tenant = Model.Tenant,
        Gateway = Model.Gateway.Name,
        Addresses = Model.Gateway.Addresses,
        Port = Model.Spec.Port,
        Protocol = Model.Spec.Protocol,
        Hostname = Model.Spec.Hostname,
    };

    public override int GetHashCode() => _hash;

    public override bool Equals(object? obj) => ReferenceEquals(this, obj);
}
