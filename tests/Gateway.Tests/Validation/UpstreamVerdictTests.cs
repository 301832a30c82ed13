using System.Globalization;
using System.Text.Json;
using Gatehouse.Gateway.Validation;
using Xunit;

namespace Gatehouse.Gateway.Tests.Validation;

/// <summary>Checks the verdicts that the .cases files ascribe to upstream against a real API server, one request a case.</summary>
public sealed class UpstreamVerdictTests
{
    private static readonly int Seed = int.Parse(Environment.GetEnvironmentVariable("GATEHOUSE_TEST_SEED") ?? "20261120", CultureInfo.InvariantCulture);

    [KubernetesTheory]
    [InlineData("HTTPRoute")]
    [InlineData("Gateway")]
    [InlineData("ListenerSet")]
    [InlineData("GRPCRoute")]
    [InlineData("TLSRoute")]
    [InlineData("TCPRoute")]
    [InlineData("UDPRoute")]
    [InlineData("BackendTLSPolicy")]
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

    [KubernetesTheory]
    [InlineData("HTTPRoute", 2_000)]
    [InlineData("Gateway", 1_500)]
    [InlineData("ListenerSet", 500)]
    [InlineData("GRPCRoute", 1_500)]
    [InlineData("TLSRoute", 500)]
    [InlineData("TCPRoute", 300)]
    [InlineData("UDPRoute", 100)]
    [InlineData("BackendTLSPolicy", 800)]
    [InlineData("ReferenceGrant", 300)]
    [InlineData("GatewayClass", 300)]
    public async Task ApiServer_MutatedSpecs_AgreesWithUs(string kind, int specs)
    {
        using var server = new UpstreamServer(KubernetesTheoryAttribute.Kubeconfig!);
        var mutator = new SpecMutator(kind, Seed);
        var wrong = new List<string>();
        for (var i = 0; i < specs; i++)
        {
            var json = mutator.Next().ToJsonString();
            using var document = JsonDocument.Parse(json);
            var errors = SpecValidator.Validate(kind, document.RootElement).Errors;
            var refusal = await server.RefusalAsync(kind, json);
            if (errors.Count == 0 != refusal is null && !IsKnownDifference(errors, refusal))
                wrong.Add($"{json}\n  we: {string.Join("; ", errors)}\n  upstream: {refusal ?? "accepts"}");
        }

        Assert.True(wrong.Count == 0, $"{wrong.Count} of {specs}:\n{string.Join('\n', wrong.Take(20))}");
    }

    /// <summary>What the &lt; and &gt; lines of the cases stand for: Backends need no port, U+0000 cannot be stored, 500.0 is no integer.</summary>
    private static bool IsKnownDifference(IReadOnlyList<ValidationError> errors, string? refusal) => refusal is null
        ? errors.All(error => error.Code == ErrorCodes.InvalidCharacters || error.Message.Contains("fraction or exponent", StringComparison.Ordinal))
        : Causes(refusal).All(cause => cause.Contains("Must have port for Service reference", StringComparison.Ordinal));

    private static List<string> Causes(string refusal)
    {
        using var status = JsonDocument.Parse(refusal[refusal.IndexOf('{', StringComparison.Ordinal)..]);
        return status.RootElement.GetProperty("details").GetProperty("causes").EnumerateArray().Select(cause => cause.GetProperty("message").GetString()!).ToList();
    }
}

/// <summary>Runs only with <c>GATEHOUSE_TEST_KUBECONFIG</c> and the CRDs that the cases speak of, and says so.</summary>
public sealed class KubernetesTheoryAttribute : TheoryAttribute
{
    private const string Needed = "v1.6.1 experimental";

    private static readonly Lazy<string?> Bundle = new(static () =>
    {
        using var server = new UpstreamServer(Kubeconfig!);
        return server.Bundle();
    });

    public KubernetesTheoryAttribute()
    {
        if (string.IsNullOrEmpty(Kubeconfig))
            Skip = $"Upstream's verdicts in Cases/*.cases are not checked again: set GATEHOUSE_TEST_KUBECONFIG to the kubeconfig of an API server with Gateway API's CRDs, {Needed}.";
        else if (Bundle.Value != Needed)
            Skip = $"Upstream's verdicts in Cases/*.cases are not checked again: the API server of GATEHOUSE_TEST_KUBECONFIG has Gateway API's CRDs {Bundle.Value ?? "not at all"}, the cases need {Needed}.";
    }

    public static string? Kubeconfig { get; } = Environment.GetEnvironmentVariable("GATEHOUSE_TEST_KUBECONFIG");
}
