using Gatehouse.Gateway.Compilation.Conditions;
using Gatehouse.Gateway.Compilation.Order;
using Gatehouse.Gateway.Resources;

namespace Gatehouse.Gateway.Compilation.Attach;

/// <summary>How a route stands with one parent.</summary>
/// <param name="Reference">The parent as the route names it, or as a Hostname implies it.</param>
/// <param name="Accepted">Accepted.</param>
/// <param name="Hosts">Where it serves through this parent.</param>
/// <param name="Serving">The listeners that it serves at.</param>
/// <param name="Listeners">Ids of the listeners that it is attached to, serving or not.</param>
internal sealed record ParentAttachment(ParentReference Reference, Verdict Accepted, IReadOnlyList<HostKey> Hosts, IReadOnlyList<ServingListener> Serving, IReadOnlyList<string> Listeners);

/// <summary>A listener that a route serves at.</summary>
/// <param name="Id">Id.</param>
/// <param name="Pool">Pool.</param>
/// <param name="Gateway">Its Gateway.</param>
internal readonly record struct ServingListener(string Id, string Pool, ResourceKey Gateway);
