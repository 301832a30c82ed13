using System.Text.Json.Nodes;
using Gatehouse.Sync.Kubernetes.Access;

namespace Gatehouse.Sync.Kubernetes.Kubeconfigs;

/// <summary>One or several kubeconfigs, merged as kubectl merges KUBECONFIG (https://kubernetes.io/docs/concepts/configuration/organize-cluster-access-kubeconfig/): the first to set a value or a name wins.</summary>
internal sealed class Kubeconfig
{
    public const long FileBytes = 1 << 20;

    private readonly Dictionary<string, KubeconfigEntry> _clusters = new(StringComparer.Ordinal);
    private readonly Dictionary<string, KubeconfigEntry> _users = new(StringComparer.Ordinal);
    private readonly Dictionary<string, KubeconfigEntry> _contexts = new(StringComparer.Ordinal);
    private string? _currentContext;

    private Kubeconfig()
    {
    }

    /// <summary>Reads one from a text.</summary>
    /// <exception cref="KubeconfigException">It cannot be used.</exception>
    public static Kubeconfig Parse(string text)
    {
        var merged = new Kubeconfig();
        merged.Add(KubeconfigYaml.Read(text), null);
        return merged;
    }

    /// <summary>Reads files. One that is missing is passed over, as long as one is there.</summary>
    /// <exception cref="KubeconfigException">They cannot be used.</exception>
    public static async Task<Kubeconfig> ReadAsync(IReadOnlyList<string> files, CancellationToken cancellationToken)
    {
        var merged = new Kubeconfig();
        var found = 0;
        foreach (var file in files.Select(Path.GetFullPath).Where(File.Exists))
        {
            found++;
            try
            {
                if (new FileInfo(file).Length > FileBytes)
                    throw new KubeconfigException("it is too big for a kubeconfig.");
                merged.Add(KubeconfigYaml.Read(await File.ReadAllTextAsync(file, cancellationToken)), Path.GetDirectoryName(file));
            }
            catch (Exception exception) when (exception is KubeconfigException or IOException or UnauthorizedAccessException)
            {
                throw new KubeconfigException($"The kubeconfig {file} cannot be read: {exception.Message}", exception);
            }
        }
        return found > 0 ? merged : throw new KubeconfigException($"There is no kubeconfig: none of {string.Join(", ", files)} exists on the worker's machine.");
    }

    /// <summary>The way to a cluster.</summary>
    /// <param name="context">Context; null: the current one.</param>
    /// <param name="rules">What it may do on this machine.</param>
    /// <param name="options">Options.</param>
    /// <exception cref="KubeconfigException">The context cannot be used.</exception>
    public ClusterAccess Select(string? context, KubeconfigRules rules, KubernetesClientOptions options)
    {
        var name = context ?? _currentContext ?? throw new KubeconfigException("The kubeconfig has no current-context: set it, or name the context.");
        var chosen = Find(_contexts, name, "context");
        var cluster = Find(_clusters, chosen.Text("cluster") ?? throw new KubeconfigException($"{chosen.Path}.cluster is missing."), "cluster");
        var user = chosen.Text("user") is { } userName ? Find(_users, userName, "user") : new KubeconfigEntry([], "users", null);
        return new KubeconfigAccess(cluster, user, rules, options).Build();
    }

    private void Add(JsonObject document, string? directory)
    {
        var root = new KubeconfigEntry(document, "kubeconfig", directory);
        if (root.Text("kind") is { } kind && kind != "Config")
            throw new KubeconfigException("This is not a kubeconfig: its kind is not Config.");
        _currentContext ??= root.Text("current-context");
        AddNamed(_clusters, root, "clusters", "cluster");
        AddNamed(_users, root, "users", "user");
        AddNamed(_contexts, root, "contexts", "context");
    }

    private static void AddNamed(Dictionary<string, KubeconfigEntry> all, KubeconfigEntry root, string list, string field)
    {
        foreach (var item in root.List(list))
        {
            var name = item.Text("name") ?? throw new KubeconfigException($"{item.Path}.name is missing.");
            all.TryAdd(name, (item.Inner(field) ?? new KubeconfigEntry([], item.Path, root.Directory)) with { Path = $"{list}[{name}].{field}" });
        }
    }

    private static KubeconfigEntry Find(Dictionary<string, KubeconfigEntry> all, string name, string what) => all.TryGetValue(name, out var found)
        ? found
        : throw new KubeconfigException($"The kubeconfig has no {what} {name}{(all.Count is > 0 and <= 20 ? $"; it has {string.Join(", ", all.Keys.Order(StringComparer.Ordinal))}" : "")}.");
}
