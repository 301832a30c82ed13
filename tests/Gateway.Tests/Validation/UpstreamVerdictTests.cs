using Xunit;

namespace Gatehouse.Gateway.Tests.Validation;

/// <summary>Checks the verdicts that the .cases files ascribe to upstream against a real API server, one request a case.</summary>
public sealed class UpstreamVerdictTests
{
    [KubernetesTheory]
    [InlineData("HTTPRoute")]
    [InlineData("Gateway")]
    [InlineData("ListenerSet")]
    [InlineData("ReferenceGrant")]
    [InlineData("GatewayClass")]
    public async Task ApiServer_EachCase_GivesUpstreamsVerdict(string kind)
    {
        using var server = new UpstreamServer(KubernetesTheoryAttribute.Kubeconfig!);
        var wrong = new List<string>();
        foreach (var one in CrdCases.Read(kind))
        {
            var refusal = await server.RefusalAsync(kind, one.Spec);
            if (one.UpstreamAccepts != refusal is null)
                wrong.Add($"{one}: expected {(one.UpstreamAccepts ? "acceptance" : "refusal")}, got {refusal ?? "acceptance"}");
        }

        Assert.True(wrong.Count == 0, string.Join('\n', wrong));
    }
}

/// <summary>Runs only with <c>GATEHOUSE_TEST_KUBECONFIG</c>, and says so.</summary>
public sealed class KubernetesTheoryAttribute : TheoryAttribute
{
    public KubernetesTheoryAttribute()
    {
        if (string.IsNullOrEmpty(Kubeconfig))
            Skip = "Upstream's verdicts in Cases/*.cases are not checked again: set GATEHOUSE_TEST_KUBECONFIG to the kubeconfig of an API server with the experimental CRDs of Gateway API v1.6.1.";
    }

    public static string? Kubeconfig { get; } = Environment.GetEnvironmentVariable("GATEHOUSE_TEST_KUBECONFIG");
}
