using System.Diagnostics;
using System.Text;
using Gatehouse.Api.Tests.Rest;
using Xunit;

namespace Gatehouse.Api.Tests.Import;

/// <summary>Manifests that mean harm, and those that are wrong in ways that must be told exactly.</summary>
public sealed class HostileManifestTests(ImportFixture api) : IClassFixture<ImportFixture>
{
    private const string Head = "apiVersion: gateway.networking.k8s.io/v1\nkind: HTTPRoute\nmetadata: {name: web, namespace: hostile}\n";

    public static TheoryData<string, int, int> Malformed => new()
    {
        { "a: [1, 2\nb: 3\n", 1, 4 },
        { "a: b\n  c: d\n", 2, 4 },
        { "a: \"x\n", 1, 4 },
        { "a: *missing\n", 1, 4 },
        { "a: &a [*a]\n", 1, 8 },
        { "? [a]\n: b\n", 1, 3 },
        { "a: !custom b\n", 1, 4 },
        { "a: \"\\ud83d\"\n", 1, 4 },
        { "a: b\na: {<<: 5}\n", 2, 5 },
    };

    [Theory]
    [MemberData(nameof(Malformed))]
    public async Task Yaml_Malformed_NamesLineAndColumn(string text, int line, int column)
    {
        var answer = (await api.ImportAsync(text)).Expect(400).ExpectProblem(400, "malformed_manifests").Json;
        Assert.Equal(line, answer.GetProperty("line").GetInt32());
        Assert.InRange(answer.GetProperty("column").GetInt32(), column - 3, column + 3);
    }

    [Fact]
    public async Task Json_Malformed_NamesLineAndColumn()
    {
        var answer = (await api.ImportAsync("{\n  \"kind\": }\n", type: "application/json")).ExpectProblem(400, "malformed_manifests").Json;
        Assert.Equal((2, 11), (answer.GetProperty("line").GetInt32(), answer.GetProperty("column").GetInt32()));
    }

    [Fact]
    public async Task Yaml_Bomb_IsRefusedAtOnce()
    {
        var text = new StringBuilder("a0: &a0 [x, x, x, x, x, x, x, x, x, x]\n");
        for (var i = 1; i < 30; i++)
            text.Append(null, $"a{i}: &a{i} [*a{i - 1}, *a{i - 1}, *a{i - 1}, *a{i - 1}, *a{i - 1}, *a{i - 1}, *a{i - 1}, *a{i - 1}, *a{i - 1}, *a{i - 1}]\n");
        var watch = Stopwatch.StartNew();
        Assert.Contains("liases", (await api.ImportAsync(text.ToString())).ExpectProblem(400, "malformed_manifests").Text, StringComparison.Ordinal);
        Assert.True(watch.Elapsed < TimeSpan.FromSeconds(5));
    }

    [Fact]
    public async Task Yaml_MergeBomb_IsRefused()
    {
        var wide = string.Join(", ", Enumerable.Range(0, 1000).Select(i => $"k{i}: v"));
        var text = new StringBuilder($"base: &base {{{wide}}}\nitems:\n");
        for (var i = 0; i < 1000; i++)
            text.Append("- {<<: *base}\n");
        (await api.ImportAsync(text.ToString())).ExpectProblem(400, "malformed_manifests");
    }

    [Theory]
    [InlineData("[")]
    [InlineData("{a: ")]
    [InlineData("- ")]
    public async Task Yaml_TooDeep_IsRefused(string open) =>
        (await api.ImportAsync(string.Concat(Enumerable.Repeat(open, 100_000)))).ExpectProblem(400, "malformed_manifests");

    [Fact]
    public async Task Json_TooDeep_IsRefused() =>
        (await api.ImportAsync(new string('[', 100_000), type: "application/json")).ExpectProblem(400, "malformed_manifests");

    [Fact]
    public async Task Yaml_AHundredThousandDocuments_AreTooMany() =>
        (await api.ImportAsync(string.Concat(Enumerable.Repeat("---\n", 100_000)))).ExpectProblem(400, "malformed_manifests");

    [Fact]
    public async Task Yaml_TooManyObjects_AreRefused() =>
        (await api.ImportAsync(string.Concat(Enumerable.Repeat("---\na: b\n", 20_001)))).ExpectProblem(400, "malformed_manifests");

    [Fact]
    public async Task Body_AboveTheTenantsLimit_IsTooLarge()
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, "/api/v1/tenants/shop/import") { Content = new StringContent(new string('#', 5 * 1024 * 1024)) };
        request.Content.Headers.ContentType = new("application/yaml");
        request.Headers.TryAddWithoutValidation("Authorization", "Bearer " + ApiFixture.AdminToken);
        request.Headers.ExpectContinue = true;
        using var http = new HttpClient { BaseAddress = api.Address };
        using var response = await http.SendAsync(request);
        Assert.Equal(413, (int)response.StatusCode);
    }

    [Fact]
    public async Task Yaml_OneScalarOfTenMegabytes_IsRefusedAsAnObject()
    {
        var watch = Stopwatch.StartNew();
        var answer = (await api.ImportAsync("a: " + new string('x', 10 * 1024 * 1024))).Expect(200);
        Assert.Equal(1, answer.Count("refused"));
        Assert.True(watch.Elapsed < TimeSpan.FromSeconds(20));
        Assert.True(answer.Text.Length < 10_000);
    }

    [Fact]
    public async Task Body_NotUtf8_NamesThePlace()
    {
        using var content = new ByteArrayContent([(byte)'a', (byte)'\n', (byte)':', 0xff]);
        content.Headers.TryAddWithoutValidation("Content-Type", "application/yaml");
        using var request = new HttpRequestMessage(HttpMethod.Post, "/api/v1/import") { Content = content };
        request.Headers.TryAddWithoutValidation("Authorization", "Bearer " + ApiFixture.AdminToken);
        using var http = new HttpClient { BaseAddress = api.Address };
        using var response = await http.SendAsync(request);
        Assert.Equal(400, (int)response.StatusCode);
        Assert.Contains("(line 2, column 2)", await response.Content.ReadAsStringAsync(), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("text/plain")]
    [InlineData("application/octet-stream")]
    public async Task Body_OfAnotherType_IsUnsupported(string type) =>
        Assert.Contains("application/yaml", (await api.ImportAsync("a: b", type: type)).ExpectProblem(415, "unsupported_media_type").Text, StringComparison.Ordinal);

    [Theory]
    [InlineData("?source=")]
    [InlineData("?source=a%2Fb", "?source")]
    [InlineData("?source=%0A", "?source")]
    [InlineData("?prune=maybe", "?prune")]
    [InlineData("?strict=1", "?strict")]
    public async Task Query_Wrong_IsInvalid(string query, string? pointer = null)
    {
        var answer = await api.ImportAsync("", query);
        if (pointer is null)
            answer.Expect(200);
        else
            answer.ExpectProblem(422, "invalid").ExpectField(pointer, "invalid_format");
    }

    [Fact]
    public async Task Object_WithRepeatedKeys_IsRefusedWithTheirPlace()
    {
        var answer = (await api.ImportAsync(Head + "spec:\n  hostnames: [a.example.com]\n  hostnames: [b.example.com]\n")).Expect(200);
        Assert.Contains("Line 6, column 3", answer.Expect("HTTPRoute", "web", "refused", "none"), StringComparison.Ordinal);

        const string Json = """
            {"apiVersion":"gateway.networking.k8s.io/v1","kind":"HTTPRoute",
             "metadata":{"name":"web","namespace":"hostile","name":"web"},"spec":{}}
            """;
        Assert.Contains("Line 2,", (await api.ImportAsync(Json, type: "application/json")).Expect(200).Expect("HTTPRoute", "web", "refused", "none"), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Object_Repeated_IsRefusedWithThePlaceOfTheFirst()
    {
        var answer = (await api.ImportAsync(Head + "spec: {}\n---\n" + Head + "spec: {}\n", "?dryRun=true")).Expect(200);
        var second = answer.Json.GetProperty("objects")[1];
        Assert.Equal("refused", second.GetProperty("verdict").GetString());
        Assert.Contains("line 1", second.GetProperty("messages")[0].GetString(), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("\"a\\u0007b\"", "/metadata/name")]
    [InlineData("\"a\\0b\"", "U+0000")]
    [InlineData("__proto__", "/metadata/name")]
    [InlineData("../../etc/passwd", "/metadata/name")]
    [InlineData("Upper", "/metadata/name")]
    [InlineData("\"\"", "/metadata/name")]
    [InlineData("5", "quote it")]
    [InlineData("[a]", "/metadata/name")]
    public async Task Name_Unusable_IsRefused(string name, string says)
    {
        var answer = (await api.ImportAsync(Head.Replace("name: web", $"name: {name}", StringComparison.Ordinal) + "spec: {}\n")).Expect(200);
        var entry = Assert.Single(answer.Json.GetProperty("objects").EnumerateArray());
        Assert.Equal("refused", entry.GetProperty("verdict").GetString());
        Assert.Contains(says, entry.GetProperty("messages").ToString(), StringComparison.Ordinal);
        (await api.Admin.GetAsync("/api/v1/tenants/hostile")).Expect(404);
    }

    [Theory]
    [InlineData("- a\n- b\n")]
    [InlineData("5")]
    [InlineData("kind: HTTPRoute\n")]
    [InlineData("apiVersion: v1\nkind: List\nitems: [5]\n")]
    [InlineData("apiVersion: v1\nkind: List\nitems: 5\n")]
    [InlineData("apiVersion: [v1]\nkind: {a: b}\nmetadata: 5\n")]
    public async Task Object_ThatIsNone_IsRefused(string text)
    {
        var answer = (await api.ImportAsync(text)).Expect(200);
        Assert.All(answer.Json.GetProperty("objects").EnumerateArray(), entry => Assert.Contains(entry.GetProperty("verdict").GetString(), new[] { "refused", "ignored" }));
        Assert.NotEqual(0, answer.Json.GetProperty("objects").GetArrayLength());
    }

    [Fact]
    public async Task Spec_WithUnknownFields_IsStoredWithoutThemAndSaysSo()
    {
        var answer = (await api.ImportAsync(Head + "spec: {hostnames: [u.example.com], colour: red, rules: [{backendRefs: [{name: b, port: 80, \"~/\": 1}], __proto__: {a: b}}]}\nextra: 1\n", "?source=unknown")).Expect(200);
        var messages = answer.Expect("HTTPRoute", "web", "approximate", "created");
        foreach (var pointer in new[] { "/spec/colour", "/spec/rules/0/backendRefs/0/~0~1", "/spec/rules/0/__proto__", "/extra" })
            Assert.Contains(pointer, messages, StringComparison.Ordinal);
        Assert.Equal(
            """{"hostnames":["u.example.com"],"rules":[{"backendRefs":[{"name":"b","port":80}]}]}""",
            (await api.Admin.GetAsync("/api/v1/tenants/hostile/httproutes/web")).Expect(200).Json.GetProperty("spec").GetRawText());
        (await api.ImportAsync("", "?source=unknown&prune=true")).Expect(200);
        (await api.Admin.DeleteAsync("/api/v1/tenants/hostile")).Expect(204);
    }

    [Fact]
    public async Task Metadata_OfServersAndKubectl_IsPassedOver()
    {
        const string Text = """
            apiVersion: gateway.networking.k8s.io/v1
            kind: HTTPRoute
            metadata:
              name: dumped
              namespace: dumped
              uid: 5c2e1f8e-0d0e-4f5d-9d52-6c5a2a5c9b1d
              resourceVersion: "12345"
              generation: 7
              creationTimestamp: null
              managedFields: [{manager: kubectl}]
              annotations: {kubectl.kubernetes.io/last-applied-configuration: "{}", kept: "yes"}
            spec: {}
            status: {parents: []}
            """;
        (await api.ImportAsync(Text)).Expect(200).Expect("HTTPRoute", "dumped", "exact", "created");
        Assert.Equal("""{"kept":"yes"}""", (await api.Admin.GetAsync("/api/v1/tenants/dumped/httproutes/dumped")).Json.GetProperty("annotations").GetRawText());
    }

    [Theory]
    [InlineData("yes")]
    [InlineData("010")]
    [InlineData("12:30")]
    [InlineData("1_000")]
    [InlineData("2024-01-31")]
    public async Task Scalars_PlainThatYaml11ReadsOtherwise_AreText(string value) =>
        Assert.Contains($"'{value}'", (await api.ImportAsync(Head + $"spec: {{useDefaultGateways: {value}}}\n", "?dryRun=true")).Expect(200).Expect("HTTPRoute", "web", "refused"), StringComparison.Ordinal);

    [Theory]
    [InlineData("0x50", true)]
    [InlineData("0o120", true)]
    [InlineData("80", true)]
    [InlineData("080", false)]
    [InlineData("\"80\"", false)]
    [InlineData("80.0", false)]
    [InlineData("on", false)]
    public async Task Ports_Plain_AreNumbersOrNot(string port, bool taken) =>
        (await api.ImportAsync(Head + $"spec: {{rules: [{{backendRefs: [{{name: b, port: {port}}}]}}]}}\n", "?dryRun=true")).Expect(200)
            .Expect("HTTPRoute", "web", taken ? "exact" : "refused");
}
