using System.Runtime.CompilerServices;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using Gatehouse.Sync.Kubernetes;
using Gatehouse.Sync.Kubernetes.Kubeconfigs;
using Gatehouse.Sync.Tests.Harness;
using Xunit;

namespace Gatehouse.Sync.Tests.Access;

/// <summary>The user of GATEHOUSE_TEST_KUBE_TOKEN: it may do nothing in the test cluster but what the role of infra/ gives it.</summary>
internal static partial class RestrictedUser
{
    private const string Name = "gatehouse-sync-test";

    public static string? Token => Environment.GetEnvironmentVariable("GATEHOUSE_TEST_KUBE_TOKEN") is { Length: > 0 } token ? token : null;

    /// <summary>Applies the role as it lies in infra/ and binds it to the user; returns once the server goes by it.</summary>
    public static async Task BindAsync(TestCluster admin)
    {
        var role = await File.ReadAllBytesAsync(RolePath());
        await admin.Api.ApplyAsync(await admin.KindAsync("rbac.authorization.k8s.io/v1", "ClusterRole"), null, "gatehouse-sync", role, new ApplyOptions(TestCluster.Stranger, Force: true), CancellationToken.None);
        await admin.ApplyAsync(new JsonObject
        {
            ["apiVersion"] = "rbac.authorization.k8s.io/v1",
            ["kind"] = "ClusterRoleBinding",
            ["metadata"] = new JsonObject { ["name"] = Name },
            ["roleRef"] = new JsonObject { ["apiGroup"] = "rbac.authorization.k8s.io", ["kind"] = "ClusterRole", ["name"] = "gatehouse-sync" },
            ["subjects"] = new JsonArray(new JsonObject { ["apiGroup"] = "rbac.authorization.k8s.io", ["kind"] = "User", ["name"] = Name }),
        });
        await using var user = await ClientAsync();
        await WaitAsync(user);
    }

    /// <summary>A client as the user.</summary>
    public static async Task<IKubernetesApi> ClientAsync()
    {
        var admins = await File.ReadAllTextAsync(TestCluster.KubeconfigPath ?? throw new InvalidOperationException("Set GATEHOUSE_TEST_KUBECONFIG."));
        var token = Token ?? throw new InvalidOperationException($"Set GATEHOUSE_TEST_KUBE_TOKEN to the token of the test cluster's user {Name}.");
        Assert.Single(TokenPattern().Matches(admins));
        return new KubernetesClients(new KubernetesClientOptions { Tries = 1 }).FromText(TokenPattern().Replace(admins, $"token: {token}"), null, KubeconfigRules.Operator);
    }

    // Authorizers follow roles by watch.
    private static async Task WaitAsync(IKubernetesApi user)
    {
        var namespaces = new ApiKind("", "v1", "Namespace", "namespaces", false);
        for (var attempt = 0; ; attempt++)
        {
            try
            {
                await user.ListAsync(namespaces, null, null, CancellationToken.None);
                return;
            }
            catch (KubernetesException refused) when (refused.Status == 403 && attempt < 100)
            {
                await Task.Delay(100);
            }
        }
    }

    private static string RolePath([CallerFilePath] string here = "") =>
        Path.GetFullPath(Path.Combine(Path.GetDirectoryName(here)!, "../../../infra/kubernetes/sync-role/cluster-role.yaml"));

    [GeneratedRegex(@"token: [^\s}]+", RegexOptions.CultureInvariant)]
    private static partial Regex TokenPattern();
}

/// <summary>A test with the token of a user without rights: without it, it is skipped and says so, but under CI it fails.</summary>
[AttributeUsage(AttributeTargets.Method)]
public sealed class RestrictedFactAttribute : FactAttribute
{
    public RestrictedFactAttribute() => Skip = RestrictedNeeded.Reason;
}

/// <summary>As <see cref="RestrictedFactAttribute"/>, with data.</summary>
[AttributeUsage(AttributeTargets.Method)]
public sealed class RestrictedTheoryAttribute : TheoryAttribute
{
    public RestrictedTheoryAttribute() => Skip = RestrictedNeeded.Reason;
}

internal static class RestrictedNeeded
{
    public static string? Reason => KubernetesNeeded.Reason ?? (RestrictedUser.Token is null && Environment.GetEnvironmentVariable("CI") != "true"
        ? "No user without rights here: start the Kubernetes API with a token for the user gatehouse-sync-test and set GATEHOUSE_TEST_KUBE_TOKEN to it. The role of infra/ was not tried."
        : null);
}
