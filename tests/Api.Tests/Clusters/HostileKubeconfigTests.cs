using System.Text;
using System.Text.Json;
using Gatehouse.Api.Tests.Rest;
using Xunit;

namespace Gatehouse.Api.Tests.Clusters;

/// <summary>What is no usable kubeconfig is refused at the field, quickly, and without repeating what stands in it.</summary>
public sealed class HostileKubeconfigTests(ApiFixture api) : IClassFixture<ApiFixture>
{
    private const string Secret = "s3cr3t-do-not-repeat";

    public static TheoryData<string, string> Texts => new()
    {
        { "empty list", TestKubeconfig.Yaml(Secret).Replace("users:", "others:", StringComparison.Ordinal) },
        { "scalar", Secret },
        { "list", $"[{Secret}]" },
        { "two documents", TestKubeconfig.Yaml(Secret) + "\n---\n" + TestKubeconfig.Yaml(Secret) },
        { "no YAML", $"a: {Secret}\n\t- [{Secret}: }}" },
        { "tag", $"!!{Secret} {{}}" },
        { "unknown escape", $"a: \"\\{Secret}\"" },
        { "http", TestKubeconfig.Yaml(Secret, "http://10.1.2.3:6443") },
        { "password in URL", TestKubeconfig.Yaml("x", $"https://admin:{Secret}@10.1.2.3:6443") },
        { "no URL", TestKubeconfig.Yaml("x", Secret) },
        { "current context", TestKubeconfig.Yaml(Secret).Replace("current-context: main", $"current-context: {Secret}", StringComparison.Ordinal) },
        { "no context", TestKubeconfig.Yaml(Secret).Replace("current-context: main", "", StringComparison.Ordinal) },
        { "missing cluster", TestKubeconfig.Yaml(Secret).Replace("cluster: east", $"cluster: {Secret}", StringComparison.Ordinal) },
        { "missing user", TestKubeconfig.Yaml(Secret).Replace("user: worker", $"user: {Secret}", StringComparison.Ordinal) },
        { "repeated key", TestKubeconfig.Yaml(Secret).Replace("    token:", $"    token: {Secret}\n    token:", StringComparison.Ordinal) },
        { "file of the uploader", TestKubeconfig.Yaml(Secret).Replace("client-key-data", "client-key", StringComparison.Ordinal) },
        { "program", TestKubeconfig.Yaml(Secret).Replace("    token:", "    exec: {command: /bin/sh}\n    token:", StringComparison.Ordinal) },
        { "aliases", Bomb() },
        { "depth", string.Concat(Enumerable.Repeat("[", 5_000)) + Secret },
    };

    [Theory]
    [MemberData(nameof(Texts))]
    public async Task Put_UnusableText_IsRefusedWithoutRepeatingIt(string what, string text)
    {
        var answer = (await api.Admin.PutAsync("/api/v1/clusters/hostile", TestKubeconfig.Body(text))).ExpectProblem(422, "invalid");

        var error = Assert.Single(answer.Json.GetProperty("errors").EnumerateArray());
        Assert.Equal("/spec/kubeconfig", error.GetProperty("pointer").GetString());
        Assert.False(answer.Text.Contains(Secret, StringComparison.Ordinal), what);
        (await api.Admin.GetAsync("/api/v1/clusters/hostile")).Expect(404);
    }

    [Fact]
    public async Task Put_WrongShapes_AreRefusedWithoutRepeatingThem()
    {
        foreach (var body in new[]
        {
            """{"spec":{"kubeconfig":{"token":"SECRET"}}}""".Replace("SECRET", Secret, StringComparison.Ordinal),
            $$$"""{"spec":{"kubeconfig":["{{{Secret}}}"],"inCluster":true}}""",
            $$$"""{"spec":{"kubeconfig":"{{{Secret}}}","kubeconfig":"{{{Secret}}}"}}""",
            $$$"""{"spec":{"kubeConfig":"{{{Secret}}}"}}""",
            $$$"""{"kubeconfig":"{{{Secret}}}","spec":{"inCluster":true}}""",
        })
        {
            var answer = (await api.Admin.PutAsync("/api/v1/clusters/hostile", body)).ExpectProblem(422, "invalid");
            Assert.DoesNotContain(Secret, answer.Text, StringComparison.Ordinal);
        }
    }

    [Fact]
    public async Task Put_ContextOfTheSpec_IsLookedFor()
    {
        (await api.Admin.PutAsync("/api/v1/clusters/context", TestKubeconfig.Body(TestKubeconfig.Yaml(), "none"))).ExpectProblem(422, "invalid").ExpectField("/spec/context", "invalid_format");
        (await api.Admin.PutAsync("/api/v1/clusters/context", TestKubeconfig.Body(TestKubeconfig.Yaml(), "other"))).Expect(201);
    }

    [Fact]
    public async Task Put_Json_IsTaken()
    {
        var json = JsonSerializer.Serialize(new Dictionary<string, object>
        {
            ["current-context"] = "c",
            ["clusters"] = new[] { new { name = "k", cluster = new { server = "https://[2001:db8::1]:6443" } } },
            ["users"] = new[] { new { name = "u", user = new { token = "t" } } },
            ["contexts"] = new[] { new { name = "c", context = new { cluster = "k", user = "u" } } },
        });

        (await api.Admin.PutAsync("/api/v1/clusters/json", TestKubeconfig.Body(json))).Expect(201);
    }

    [Fact]
    public async Task Put_MoreThan256KiB_IsRefused()
    {
        var padding = "\n# " + new string('é', 128 * 1024);

        (await api.Admin.PutAsync("/api/v1/clusters/huge", TestKubeconfig.Body(TestKubeconfig.Yaml() + padding))).ExpectProblem(422, "invalid").ExpectField("/spec/kubeconfig", "too_long");
        (await api.Admin.PutAsync("/api/v1/clusters/huge", TestKubeconfig.Body(TestKubeconfig.Yaml() + padding[..100_000]))).Expect(201);
    }

    /// <summary>Ten levels of ten aliases each.</summary>
    private static string Bomb()
    {
        var text = new StringBuilder($"a0: &a0 [{Secret}]\n");
        for (var level = 1; level <= 10; level++)
            text.Append($"a{level}: &a{level} [{string.Join(',', Enumerable.Repeat($"*a{level - 1}", 10))}]\n");
        return text.Append(TestKubeconfig.Yaml(Secret)).ToString();
    }
}
