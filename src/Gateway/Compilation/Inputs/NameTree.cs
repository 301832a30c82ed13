using Gatehouse.Gateway.Compilation.Attach;

namespace Gatehouse.Gateway.Compilation.Inputs;

/// <summary>
/// Values by (scope, hostname), found by intersection: labels from the right make a tree, so a wildcard finds what lies below
/// it and a name the wildcards above it, whatever else there is.
/// </summary>
internal sealed class NameTree<T>
    where T : class
{
    private readonly Dictionary<string, Node> _scopes = new(StringComparer.Ordinal);

    public void Add(string scope, string hostname, T value)
    {
        if (!_scopes.TryGetValue(scope, out var node))
            _scopes[scope] = node = new Node();
        for (var rest = NameOf(hostname); rest.Length > 0;)
            node = node.Child(TakeLabel(ref rest));
        ref var place = ref IsBelow(hostname) ? ref node.Below : ref node.Exact;
        place = Several<T>.Add(place, value);
    }

    public void Remove(string scope, string hostname, T value)
    {
        if (_scopes.TryGetValue(scope, out var root) && Remove(root, NameOf(hostname), IsBelow(hostname), value))
            _scopes.Remove(scope);
    }

    /// <summary>All values whose hostname has a name in common with <paramref name="hostname"/>; one may come twice.</summary>
    public IReadOnlyList<T> Intersecting(string scope, string hostname)
    {
        var found = new List<T>();
        if (!_scopes.TryGetValue(scope, out var node))
            return found;
        for (var rest = NameOf(hostname); rest.Length > 0;)
        {
            Several<T>.AddTo(found, node.Below);
            if (!node.TryGetChild(TakeLabel(ref rest), out node))
                return found;
        }
        if (IsBelow(hostname))
            AddSubtree(node, found);
        else
            Several<T>.AddTo(found, node.Exact);
        return found;
    }

    /// <summary>Whether some value whose hostname has a name in common with <paramref name="hostname"/> is meant.</summary>
    public bool AnyIntersecting(string scope, string hostname, Func<T, bool> isMeant)
    {
        if (!_scopes.TryGetValue(scope, out var node))
            return false;
        for (var rest = NameOf(hostname); rest.Length > 0;)
        {
            if (Several<T>.All(node.Below).Any(isMeant))
                return true;
            if (!node.TryGetChild(TakeLabel(ref rest), out node))
                return false;
        }
        return IsBelow(hostname) ? AnyInSubtree(node, isMeant) : Several<T>.All(node.Exact).Any(isMeant);
    }

    private static bool AnyInSubtree(Node top, Func<T, bool> isMeant)
    {
        var pending = new Stack<Node>([top]);
        while (pending.TryPop(out var node))
        {
            if (Several<T>.All(node.Below).Any(isMeant))
                return true;
            foreach (var child in node.Children)
            {
                if (Several<T>.All(child.Exact).Any(isMeant))
                    return true;
                pending.Push(child);
            }
        }
        return false;
    }

    private static void AddSubtree(Node top, List<T> found)
    {
        var pending = new Stack<Node>([top]);
        while (pending.TryPop(out var node))
        {
            Several<T>.AddTo(found, node.Below);
            foreach (var child in node.Children)
            {
                Several<T>.AddTo(found, child.Exact);
                pending.Push(child);
            }
        }
    }

    // Tells whether nothing is left in the node, so that its parent lets go of it.
    private static bool Remove(Node node, ReadOnlySpan<char> rest, bool below, T value)
    {
        if (rest.Length == 0)
        {
            ref var place = ref below ? ref node.Below : ref node.Exact;
            place = Several<T>.Remove(place, value);
        }
        else
        {
            var label = TakeLabel(ref rest);
            if (node.TryGetChild(label, out var child) && Remove(child, rest, below, value))
                node.RemoveChild(label);
        }
        return node.IsEmpty;
    }

    private static bool IsBelow(string hostname) => hostname[0] == '*';

    // The star of a wildcard is no label.
    private static ReadOnlySpan<char> NameOf(string hostname) =>
        hostname == HostnameSet.Any ? [] : HostnameSet.IsWildcard(hostname) ? hostname.AsSpan(2) : hostname;

    private static ReadOnlySpan<char> TakeLabel(ref ReadOnlySpan<char> rest)
    {
        var dot = rest.LastIndexOf('.');
        var label = rest[(dot + 1)..];
        rest = dot < 0 ? [] : rest[..dot];
        return label;
    }

    private sealed class Node
    {
        private Dictionary<string, Node>? _children;

        /// <summary>Values of exactly this name.</summary>
        public object? Exact;

        /// <summary>Values of the wildcard below this name.</summary>
        public object? Below;

        public bool IsEmpty => Exact is null && Below is null && _children is null or { Count: 0 };

        public IEnumerable<Node> Children => _children is null ? [] : _children.Values;

        public bool TryGetChild(ReadOnlySpan<char> label, [System.Diagnostics.CodeAnalysis.NotNullWhen(true)] out Node? child)
        {
            child = null;
            return _children is not null && _children.GetAlternateLookup<ReadOnlySpan<char>>().TryGetValue(label, out child);
        }

        public Node Child(ReadOnlySpan<char> label)
        {
            if (TryGetChild(label, out var known))
                return known;
            _children ??= new Dictionary<string, Node>(StringComparer.Ordinal);
            return _children[label.ToString()] = new Node();
        }

        public void RemoveChild(ReadOnlySpan<char> label) => _children?.GetAlternateLookup<ReadOnlySpan<char>>().Remove(label);
    }
}
