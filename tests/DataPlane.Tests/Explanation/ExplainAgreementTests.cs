using System.Net;
using Gatehouse.DataPlane.Tests.Harness;
using Gatehouse.Gateway.Compilation;
using Gatehouse.Gateway.Explanation;
using Gatehouse.Gateway.Matching;
using Xunit;

namespace Gatehouse.DataPlane.Tests.Explanation;

public sealed class ExplainAgreementTests
{
    private const int Configurations = 25;
    private const int RequestsEach = 400;
    private const int Backends = 3;

    [Fact]
    public async Task Explain_TenThousandRandomRequests_SaysWhatTheDataPlaneDoes()
    {
        var backends = new List<TestBackend>();
        for (var i = 0; i < Backends; i++)
            backends.Add(await TestBackend.StartAsync($"shop/Backend/b{i}"));
        var outcomes = new Dictionary<RequestOutcome, int>();
        try
        {
            for (var seed = 0; seed < Configurations; seed++)
                await CompareAsync(new RandomConfiguration(seed, [.. backends.Select(backend => backend.Port)]), outcomes);
        }
        finally
        {
            foreach (var backend in backends)
                await backend.DisposeAsync();
        }
        // Each outcome must have been met often enough for the comparison to mean something.
        Assert.All([RequestOutcome.Forwarded, RequestOutcome.Redirected, RequestOutcome.RuleFailed, RequestOutcome.NoMatch], outcome => Assert.True(outcomes[outcome] > 100, $"{outcome}: {outcomes[outcome]}"));
        Assert.Equal(Configurations * RequestsEach, outcomes.Values.Sum());
    }

    private static async Task CompareAsync(RandomConfiguration configuration, Dictionary<RequestOutcome, int> outcomes)
    {
        var snapshot = configuration.Compile();
        var second = FreePort.Next();
        await using var gateway = await TestGateway.StartAsync(
            snapshot.Pools["default"].Table, options => options with { Publish = new Dictionary<int, int>(options.Publish) { [8080] = second } });
        using var client = gateway.Client();
        for (var i = 0; i < RequestsEach; i++)
        {
            var (method, port, host, target, headers) = configuration.Request();
            var explanation = Explain(snapshot, method, port, host, target, headers);
            using var request = new HttpRequestMessage(new HttpMethod(method), new Uri(
                $"http://127.0.0.1:{(port == 80 ? gateway.Port : second)}{target}", new UriCreationOptions { DangerousDisablePathAndQueryCanonicalization = true }));
            request.Headers.Host = host;
            foreach (var (name, value) in headers)
                request.Headers.TryAddWithoutValidation(name, value);
            using var response = await client.SendAsync(request);
            await AssertAgreesAsync(explanation, response, $"configuration {configuration}: {method} {host}:{port}{target} {string.Join(", ", headers)}");
            outcomes[explanation.Outcome] = outcomes.GetValueOrDefault(explanation.Outcome) + 1;
        }
    }

    private static RequestExplanation Explain(Snapshot snapshot, string method, int port, string host, string target, IReadOnlyList<(string Name, string Value)> headers)
    {
        Assert.True(ExplainRequest.TryCreate(method, $"http://{host}:{port}{target}", headers.Select(header => KeyValuePair.Create(header.Name, header.Value)), out var request));
        return Explainer.Explain(snapshot, "default", request);
    }

    private static async Task AssertAgreesAsync(RequestExplanation explanation, HttpResponseMessage response, string what)
    {
        var body = await response.Content.ReadAsStringAsync();
        if (explanation.Outcome != RequestOutcome.Forwarded)
        {
            Assert.True(explanation.Status == (int)response.StatusCode, $"{what}: explained {explanation.Outcome} {explanation.Status}, got {(int)response.StatusCode} {body}");
            return;
        }
        var rule = Assert.Single(explanation.Actions.OfType<ResponseHeadersAction>()).Changes.Set[0].Value;
        if (response.StatusCode == HttpStatusCode.InternalServerError)
        {
            // The share of a reference that cannot be used.
            Assert.True(explanation.Backends.Any(backend => backend is { Key: null, Weight: > 0 }), $"{what}: 500 without an invalid backend: {body}");
            return;
        }
        Assert.True(response.StatusCode == HttpStatusCode.OK, $"{what}: explained {rule}, got {(int)response.StatusCode} {body}");
        Assert.True(rule == response.Headers.GetValues("x-rule").Single(), $"{what}: explained rule {rule}, got {response.Headers.GetValues("x-rule").Single()}");
        var echo = Echo.Read(body);
        Assert.True(explanation.Backends.Any(backend => backend.Key == echo.Backend && backend.Weight > 0), $"{what}: {echo.Backend} is none of the explained backends");
        if (explanation.Actions.OfType<UrlRewriteAction>().SingleOrDefault() is { Path.Full: { } full })
            Assert.Equal(full, echo.Target.Split('?')[0]);
    }
}
