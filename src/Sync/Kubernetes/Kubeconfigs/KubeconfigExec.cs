using System.Text.Json.Nodes;
using Gatehouse.Sync.Kubernetes.Access;

namespace Gatehouse.Sync.Kubernetes.Kubeconfigs;

/// <summary>Reads <c>exec</c> of a user (https://kubernetes.io/docs/reference/access-authn-authz/authentication/#client-go-credential-plugins).</summary>
internal static class KubeconfigExec
{
    private const string ClusterExtension = "client.authentication.k8s.io/exec";

    private static readonly string[] Versions = ["client.authentication.k8s.io/v1", "client.authentication.k8s.io/v1beta1"];

    /// <summary>Reads it.</summary>
    /// <exception cref="KubeconfigException">It may not or cannot be run.</exception>
    public static ExecPlugin Read(KubeconfigEntry exec, KubeconfigEntry cluster, ClusterEndpoint endpoint, KubeconfigRules rules)
    {
        var command = exec.Text("command") ?? throw new KubeconfigException($"{exec.Path}.command is missing.");
        if (!rules.Allows(command))
            throw new KubeconfigException($"{exec.Path} runs a command that the worker may not run: give a token or a client certificate instead, or let the operator allow the command.");
        var version = exec.Text("apiVersion");
        if (!Versions.Contains(version))
            throw new KubeconfigException($"{exec.Path}.apiVersion must be {string.Join(" or ", Versions)}.");
        if (exec.Text("interactiveMode") == "Always")
            throw new KubeconfigException($"{exec.Path}.interactiveMode is Always, and the worker has nobody to ask: use IfAvailable or Never.");
        return new ExecPlugin
        {
            // A path is from the kubeconfig's directory, a name alone from PATH, as in kubectl.
            Command = command.Contains('/', StringComparison.Ordinal) ? exec.Resolve(command, "command") : command,
            Arguments = ReadArguments(exec),
            Environment = ReadEnvironment(exec, rules),
            ApiVersion = version!,
            Cluster = exec.Flag("provideClusterInfo") ? new ExecCluster(endpoint, ExtensionOf(cluster)) : null,
            Place = exec.Path,
        };
    }

    private static List<string> ReadArguments(KubeconfigEntry exec)
    {
        if (exec.Fields["args"] is null)
            return [];
        return exec.Fields["args"] is JsonArray list && list.All(item => item is JsonValue)
            ? [.. list.Select(item => item!.ToString())]
            : throw new KubeconfigException($"{exec.Path}.args must be a list of texts.");
    }

    private static Dictionary<string, string> ReadEnvironment(KubeconfigEntry exec, KubeconfigRules rules)
    {
        var environment = new Dictionary<string, string>(StringComparer.Ordinal);
        foreach (var item in exec.List("env"))
        {
            var name = item.Text("name") ?? throw new KubeconfigException($"{item.Path}.name is missing.");
            if (!rules.AllowedExecCommands.Contains(KubeconfigRules.AnyCommand) && SteersTheLoader(name))
                throw new KubeconfigException($"{item.Path} would change which program is run: remove it.");
            environment[name] = item.Text("value") ?? "";
        }
        return environment;
    }

    /// <summary>With these an allowed command would be another program.</summary>
    private static bool SteersTheLoader(string name) =>
        name is "PATH" or "IFS" or "ENV" or "BASH_ENV" or "PYTHONPATH" or "PYTHONSTARTUP" or "NODE_OPTIONS" or "PERL5OPT" or "RUBYOPT" || name.StartsWith("LD_", StringComparison.Ordinal);

    private static JsonNode? ExtensionOf(KubeconfigEntry cluster) =>
        cluster.List("extensions").FirstOrDefault(extension => extension.Text("name") == ClusterExtension)?.Fields["extension"];
}
