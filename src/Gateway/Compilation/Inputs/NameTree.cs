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
        foreach (var label in LabelsOf(hostname))
            node = node.Child(label);
        ref var place = ref hostname[0] == '*' ? ref node.Below : ref node.Exact;
        place = Several<T>.Add(place, value);
    }

    public void Remove(string scope, string hostname, T value)
    {
        if (_scopes.TryGetValue(scope, out var root) && Remove(root, LabelsOf(hostname), 0, hostname[0] == '*', value))
            _scopes.Remove(scope);
    }

    /// <summary>All values whose hostname has a name in common with <paramref name="hostname"/>; one may come twice.</summary>
    public IEnumerable<T> Intersecting(string scope, string hostname)
    {
        if (!_scopes.TryGetValue(scope, out var node))
            yield break;
        foreach (var label in LabelsOf(hostname))
        {
            foreach (var value in Several<T>.All(node.Below))
                yield return value;
            if (node.Children is null || !node.Children.TryGetValue(label, out node!))
                yield break;
        }
        var wildcard = hostname[0] == '*';
        foreach (var value in wildcard ? Subtree(node) : Several<T>.All(node.Exact))
            yield return value;
    }

    private static IEnumerable<T> Subtree(Node top)
    {
        var pending = new Stack<Node>([top]);
        while (pending.TryPop(out var node))
        {
            foreach (var value in Several<T>.All(node.Below))
                yield return value;
            foreach (var child in node.Children?.Values ?? Enumerable.Empty<Node>())
            {
                foreach (var value in Several<T>.All(child.Exact))
                    yield return value;
                pending.Push(child);
            }
        }
    }

    private static bool Remove(Node node, string[] labels, int depth, bool wildcard, T value)
    {
        if (depth == labels.Length)
        {
            ref var place = ref wildcard ? ref node.Below : ref node.Exact;
            place = Several<T>.Remove(place, value);
        }
        else if (node.Children is { } children && children.TryGetValue(labels[depth], out var child) && Remove(child, labels, depth + 1, wildcard, value))
        {
            children.Remove(labels[depth]);
        }
        return node.Exact is null && node.Below is null && node.Children is null or { Count: 0 };
    }

    // example.com → com, example; the star of a wildcard is no label.
    private static string[] LabelsOf(string hostname)
    {
        var name = hostname == HostnameSet.Any ? "" : HostnameSet.IsWildcard(hostname) ? hostname[2..] : hostname;
        if (name.Length == 0)
            return [];
        var labels = name.Split('.');
        Array.Reverse(labels);
        return labels;
    }

    private sealed class Node
    {
        public object? Exact;
        public object? Below;
        public Dictionary<string, Node>? Children;

        public Node Child(string label)
        {
            Children ??= new Dictionary<string, Node>(StringComparer.Ordinal);
            if (!Children.TryGetValue(label, out var child))
                Children[label] = child = new Node();
            return child;
        }
    }
}
