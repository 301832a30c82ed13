using System.Runtime.CompilerServices;
using System.Text.Json;
using System.Text.Json.Nodes;
using Gatehouse.Gateway.Validation;
using Xunit;

namespace Gatehouse.Api.Tests.Rest;

public sealed class OpenApiTests(ApiFixture api) : IClassFixture<ApiFixture>
{
    private static readonly JsonSerializerOptions Indented = new() { WriteIndented = true };

    [Fact]
    public async Task Document_Served_IsTheCommittedOne()
    {
        var served = JsonNode.Parse((await api.Client(null).GetAsync("/openapi/v1.json")).Expect(200).Text);
        if (Environment.GetEnvironmentVariable("UPDATE_OPENAPI") == "1")
            await File.WriteAllTextAsync(CommittedPath(), served!.ToJsonString(Indented) + "\n");

        Assert.True(
            JsonNode.DeepEquals(JsonNode.Parse(await File.ReadAllTextAsync(CommittedPath())), served),
            "The API changed: look at the difference after running this test with UPDATE_OPENAPI=1, and commit src/Api/openapi.v1.json.");
    }

    [Fact]
    public async Task Document_EveryOperation_SaysEnough()
    {
        var document = (await api.Client(null).GetAsync("/openapi/v1.json")).Expect(200).Json;
        var ids = new HashSet<string>();

        foreach (var (path, method, operation) in Operations(document))
        {
            var what = $"{method} {path}";
            Assert.True(ids.Add(operation.GetProperty("operationId").GetString()!), what);
            Assert.True(operation.GetProperty("summary").GetString()!.Length > 0, what);
            Assert.True(operation.GetProperty("tags").GetArrayLength() == 1, what);
            Assert.True(operation.GetProperty("responses").TryGetProperty("503", out _), what);
            if (operation.TryGetProperty("requestBody", out var body))
                Assert.All(body.GetProperty("content").EnumerateObject(), media => Assert.True(media.Value.TryGetProperty("example", out _), what));
        }
        Assert.True(ids.Count > 60);
        Assert.StartsWith("3.1", document.GetProperty("openapi").GetString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Document_ExamplesOfObjects_AreValid()
    {
        var document = (await api.Client(null).GetAsync("/openapi/v1.json")).Expect(200).Json;
        foreach (var (_, method, operation) in Operations(document).Where(candidate => candidate.Method == "put"))
        {
            var kind = operation.GetProperty("operationId").GetString()!["put".Length..];
            var example = operation.GetProperty("requestBody").GetProperty("content").GetProperty("application/json").GetProperty("example");
            if (example.TryGetProperty("spec", out var spec))
                Assert.Empty(SpecValidator.Validate(kind, kind == "Certificate" ? WithoutKey(spec) : spec).Errors);
        }
    }

    private static JsonElement WithoutKey(JsonElement spec) =>
        JsonSerializer.SerializeToElement(spec.EnumerateObject().Where(field => field.Name is not ("privateKey" or "passphrase" or "pkcs12")).ToDictionary(field => field.Name, field => field.Value));

    [Fact]
    public async Task Docs_Page_HasNothingThatItsPolicyForbids()
    {
        var page = (await api.Client(null).GetAsync("/docs/index.html")).Expect(200);

        Assert.Contains("script-src 'self'", page.Headers.GetValues("Content-Security-Policy").Single(), StringComparison.Ordinal);
        Assert.DoesNotMatch("<script(?![^>]*src=)[^>]*>\\s*\\S", page.Text);
        Assert.DoesNotMatch("(src|href)=\"(https?:)?//", page.Text);
        foreach (var asset in new[] { "swagger-ui.css", "swagger-ui-bundle.js", "index.js" })
            (await api.Client(null).GetAsync($"/docs/{asset}")).Expect(200);
    }

    internal static IEnumerable<(string Path, string Method, JsonElement Operation)> Operations(JsonElement document) =>
        from path in document.GetProperty("paths").EnumerateObject()
        from method in path.Value.EnumerateObject()
        select (path.Name, method.Name, method.Value);

    private static string CommittedPath([CallerFilePath] string here = "") =>
        Path.GetFullPath(Path.Combine(Path.GetDirectoryName(here)!, "../../../src/Api/openapi.v1.json"));
}
