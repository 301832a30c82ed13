using System.Diagnostics;
using System.Text;
using Xunit;
using Xunit.Abstractions;

namespace Gatehouse.Api.Tests.Import;

/// <summary>Imports that are large, or many. The bounds leave room for busy machines; the output says what was measured.</summary>
public sealed class ImportSizeTests(ImportFixture api, ITestOutputHelper output) : IClassFixture<ImportFixture>
{
    [Fact]
    public async Task Import_TenThousandObjects_TakesSecondsAndAgainLess()
    {
        var text = new StringBuilder();
        for (var i = 0; i < 10_000; i++)
            text.Append(null, $$"""
                ---
                apiVersion: gateway.networking.k8s.io/v1
                kind: HTTPRoute
                metadata: {name: r{{i}}, namespace: large-{{i % 20}}}
                spec:
                  hostnames: [h{{i}}.example.com]
                  rules:
                  - matches: [{path: {type: PathPrefix, value: /a} }, {headers: [{name: x, value: "{{i}}"}]}]
                    backendRefs: [{name: a, port: 80, weight: 90}, {name: b, port: 80, weight: 10}]

                """);
        Assert.Equal(10_020, await TimedAsync("10,000 new objects", text.ToString(), "created", TimeSpan.FromSeconds(120)));
        Assert.Equal(10_000, await TimedAsync("10,000 known objects", text.ToString(), "unchanged", TimeSpan.FromSeconds(60)));
        Assert.Equal(10_000, await TimedAsync("pruning 10,000 objects", "", "pruned", TimeSpan.FromSeconds(120)));
    }

    [Fact]
    public async Task Import_AHundredTimesInARow_StaysAsFast()
    {
        var watch = Stopwatch.StartNew();
        for (var round = 0; round < 100; round++)
        {
            var text = new StringBuilder();
            for (var i = 0; i < 50; i++)
                text.Append(null, $"---\napiVersion: gateway.networking.k8s.io/v1\nkind: HTTPRoute\nmetadata: {{name: r{i}, namespace: many}}\nspec: {{hostnames: [r{(i == 0 ? round : 0)}.example.com]}}\n");
            (await api.ImportAsync(text.ToString(), "?source=many&prune=true")).Expect(200);
        }
        output.WriteLine($"100 imports of 50 objects, one of which changes: {watch.ElapsedMilliseconds / 100} ms each");
        Assert.Equal(100, (await api.Admin.GetAsync("/api/v1/tenants/many/httproutes/r0")).Expect(200).Json.GetProperty("generation").GetInt32());
        Assert.True(watch.Elapsed < TimeSpan.FromSeconds(100));
    }

    private async Task<int> TimedAsync(string what, string text, string counter, TimeSpan limit)
    {
        var watch = Stopwatch.StartNew();
        var answer = (await api.ImportAsync(text, "?source=large&prune=true")).Expect(200);
        output.WriteLine($"{what}: {watch.ElapsedMilliseconds} ms");
        Assert.True(watch.Elapsed < limit, $"{what}: {watch.Elapsed}");
        return answer.Count(counter);
    }
}
