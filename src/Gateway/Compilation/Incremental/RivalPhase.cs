using Gatehouse.Gateway.Compilation.Conflict;
using Gatehouse.Gateway.Compilation.Order;

namespace Gatehouse.Gateway.Compilation.Incremental;

/// <summary>Settles which HTTPRoutes and GRPCRoutes give way to one another, for the routes that changed and those that their change may reach.</summary>
internal sealed class RivalPhase(CompilerState state)
{
    private readonly HashSet<(RouteNode Node, string Listener)> _open = [];
    private readonly HashSet<RouteNode> _changed = [];

    /// <summary>Enters a route as it is now compiled alone; null: it is gone.</summary>
    public void Move(RouteNode node, CompiledRoute? after)
    {
        _changed.Add(node);
        if (!RouteRivals.Concerns(node))
        {
            node.Alone = after;
            return;
        }
        foreach (var listener in node.Alone?.Serving ?? [])
            OpenRivals(listener.Id, node);
        state.Rivals.Move(node, node.Alone, null);
        node.Alone = after;
        node.ForgetWinners();
        state.Rivals.Move(node, null, after);
        foreach (var listener in after?.Serving ?? [])
        {
            _open.Add((node, listener.Id));
            OpenRivals(listener.Id, node);
        }
    }

    /// <summary>Judges until nothing is open.</summary>
    /// <returns>Routes that changed or whose verdict did.</returns>
    public IReadOnlyCollection<RouteNode> Settle()
    {
        // Verdicts depend on older routes alone, so the oldest that is open is always ready to be judged.
        var open = new SortedSet<(RouteNode Node, string Listener)>(_open.Where(entry => entry.Node.Alone is not null), Comparer<(RouteNode Node, string Listener)>.Create(Compare));
        while (open.Count > 0)
        {
            var (node, listener) = open.Min;
            open.Remove((node, listener));
            var winner = state.Rivals.WinnerOver(listener, node);
            if (winner == node.Winners.GetValueOrDefault(listener))
                continue;
            node.Winners = With(node.Winners, listener, winner);
            _changed.Add(node);
            foreach (var rival in state.Rivals.Of(listener, node).Where(rival => RouteRivals.IsOlder(node, rival)))
                open.Add((rival, listener));
        }
        return _changed;
    }

    private static Dictionary<string, RouteNode> With(IReadOnlyDictionary<string, RouteNode> winners, string listener, RouteNode? winner)
    {
        var changed = new Dictionary<string, RouteNode>(winners, StringComparer.Ordinal);
        changed.Remove(listener);
        if (winner is not null)
            changed[listener] = winner;
        return changed;
    }

    private void OpenRivals(string listener, RouteNode node)
    {
        foreach (var rival in state.Rivals.Of(listener, node))
            _open.Add((rival, listener));
    }

    private static int Compare((RouteNode Node, string Listener) left, (RouteNode Node, string Listener) right)
    {
        var order = MatchPrecedence.CompareRoutes(left.Node.Alone!, right.Node.Alone!);
        return order != 0 ? order : string.CompareOrdinal(left.Listener, right.Listener);
    }
}
