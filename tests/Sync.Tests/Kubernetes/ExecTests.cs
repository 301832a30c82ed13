using System.Text.Json.Nodes;
using Gatehouse.Sync.Kubernetes;
using Gatehouse.Sync.Kubernetes.Kubeconfigs;
using Gatehouse.Sync.Tests.Harness;
using Xunit;

namespace Gatehouse.Sync.Tests.Kubernetes;

public sealed class ExecTests : IDisposable
{
    private const string Version = "client.authentication.k8s.io/v1";
    private static readonly KubernetesClientOptions Once = ScriptedServer.Quick with { Tries = 1 };
    private readonly string _directory = Directory.CreateTempSubdirectory("gatehouse-exec").FullName;
    private readonly CancellationTokenSource _timeout = new(TimeSpan.FromSeconds(30));

    private CancellationToken Timeout => _timeout.Token;

    public void Dispose()
    {
        Directory.Delete(_directory, true);
        _timeout.Dispose();
    }

    [Theory]
    [InlineData("client.authentication.k8s.io/v1")]
    [InlineData("client.authentication.k8s.io/v1beta1")]
    public async Task Plugin_ThatPrintsAToken_RunsOnceForManyRequests(string version)
    {
        await using var server = await ScriptedServer.StartAsync(Answers.Version);
        await using var api = server.Client(Once, User(Counting(), version));

        await Task.WhenAll(Enumerable.Range(0, 5).Select(_ => api.GetVersionAsync(Timeout)));

        Assert.All(server.Requests, seen => Assert.Equal("Bearer token-1", seen.Authorization));
        Assert.Equal(5, server.Requests.Count);
    }

    [Fact]
    public async Task Plugin_WhoseTokenIsRefused_RunsAgainOnceAndTheRequestIsRepeated()
    {
        await using var server = await ScriptedServer.StartAsync(Answers.Failure(401, "Unauthorized"), Answers.Version, Answers.Failure(401, "Unauthorized"), Answers.Failure(401, "Unauthorized"));
        await using var api = server.Client(Once, User(Counting()));

        Assert.Equal("v1.36.0", await api.GetVersionAsync(Timeout));
        var refused = await Assert.ThrowsAsync<KubernetesException>(() => api.GetVersionAsync(Timeout));

        Assert.Equal(401, refused.Status);
        Assert.Equal(["Bearer token-1", "Bearer token-2", "Bearer token-2", "Bearer token-3"], server.Requests.Select(seen => seen.Authorization));
    }

    [Fact]
    public async Task Plugin_WhoseTokenExpires_RunsHalfAMinuteBefore()
    {
        await using var server = await ScriptedServer.StartAsync(Answers.Version);
        var time = new SettableTime();
        var expires = time.GetUtcNow().AddMinutes(10).ToString("yyyy-MM-ddTHH:mm:ssZ", System.Globalization.CultureInfo.InvariantCulture);
        await using var api = server.Client(Once with { Time = time }, User(Counting($",\"expirationTimestamp\":\"{expires}\"")));

        await api.GetVersionAsync(Timeout);
        time.Advance(TimeSpan.FromMinutes(9));
        await api.GetVersionAsync(Timeout);
        time.Advance(TimeSpan.FromSeconds(32));
        await api.GetVersionAsync(Timeout);

        Assert.Equal(["Bearer token-1", "Bearer token-1", "Bearer token-2"], server.Requests.Select(seen => seen.Authorization));
    }

    [Fact]
    public async Task Plugin_ThatPrintsACertificate_ShowsIt()
    {
        await using var server = await ScriptedServer.StartAsync(new ServerOptions { AsksForClientCertificate = true }, Answers.Version);
        var (certificate, key) = server.Authority.IssueClient("CN=printed");
        var json = new JsonObject { ["apiVersion"] = Version, ["kind"] = "ExecCredential", ["status"] = new JsonObject { ["clientCertificateData"] = certificate, ["clientKeyData"] = key } };
        await using var api = server.Client(Once, User(Script($"cat <<'E'\n{json.ToJsonString()}\nE")));

        await api.GetVersionAsync(Timeout);

        Assert.Equal("CN=printed", Assert.Single(server.Requests).ClientSubject);
    }

    [Fact]
    public async Task Plugin_WithArgumentsVariablesAndClusterInfo_IsGivenThem()
    {
        await using var server = await ScriptedServer.StartAsync(Answers.Version);
        Environment.SetEnvironmentVariable("GATEHOUSE_EXEC_TEST", "withheld");
        var script = Script($$$"""
            printf '%s' "$KUBERNETES_EXEC_INFO" > {{{_directory}}}/info
            printf '%s' "$1 $2|$MINE|$GATEHOUSE_EXEC_TEST|$(cat)" > {{{_directory}}}/given
            echo '{"apiVersion":"{{{Version}}}","kind":"ExecCredential","status":{"token":"t"}}'
            """);
        await using var api = server.Client(Once, User(script, more: ", args: [get, 'a b'], env: [{name: MINE, value: v}], provideClusterInfo: true"),
            ", extensions: [{name: client.authentication.k8s.io/exec, extension: {audience: x}}]");

        await api.GetVersionAsync(Timeout);

        Assert.Equal("get a b|v||", await File.ReadAllTextAsync(Path.Combine(_directory, "given"), Timeout));
        var info = JsonNode.Parse(await File.ReadAllTextAsync(Path.Combine(_directory, "info"), Timeout))!;
        Assert.Equal((Version, false), ((string)info["apiVersion"]!, (bool)info["spec"]!["interactive"]!));
        Assert.Equal((server.Url, "x"), ((string)info["spec"]!["cluster"]!["server"]!, (string)info["spec"]!["cluster"]!["config"]!["audience"]!));
        Assert.Equal(ScriptedServer.Base64(server.Authority.CertificatePem), (string)info["spec"]!["cluster"]!["certificate-authority-data"]!);
    }

    [Theory]
    [InlineData("echo secret-9; echo secret-9 >&2; exit 3", "ended with code 3")]
    [InlineData("echo '{secret-9'", "printed no JSON")]
    [InlineData("echo '{\"apiVersion\":\"client.authentication.k8s.io/v1beta1\",\"kind\":\"ExecCredential\",\"status\":{\"token\":\"secret-9\"}}'", "something else than an ExecCredential")]
    [InlineData("echo '{\"apiVersion\":\"client.authentication.k8s.io/v1\",\"kind\":\"ExecCredential\",\"status\":{}}'", "neither a token nor a client certificate")]
    [InlineData("echo '{\"apiVersion\":\"client.authentication.k8s.io/v1\",\"kind\":\"ExecCredential\",\"status\":{\"clientKeyData\":\"secret-9\"}}'", "without its key, or the reverse")]
    [InlineData("head -c 3000000 /dev/zero; sleep 60", "printed more than")]
    [InlineData("sleep 60 & sleep 60", "did not end within")]
    public async Task Plugin_ThatFails_SaysHowWithoutWhatItPrinted(string script, string message)
    {
        await using var server = await ScriptedServer.StartAsync(Answers.Version);
        await using var api = server.Client(Once with { ExecTimeout = TimeSpan.FromSeconds(1) }, User(Script(script)));

        var failure = await Assert.ThrowsAsync<KubernetesException>(() => api.GetVersionAsync(Timeout));

        Assert.Contains(message, failure.Message, StringComparison.Ordinal);
        Assert.DoesNotContain("secret-9", failure.ToString(), StringComparison.Ordinal);
        Assert.Empty(server.Requests);
    }

    [Fact]
    public async Task Plugin_ThatFails_IsLeftAloneForAMoment()
    {
        await using var server = await ScriptedServer.StartAsync(Answers.Version);
        var time = new SettableTime();
        await using var api = server.Client(Once with { Time = time }, User(Script($"echo x >> {_directory}/runs; exit 1")));

        for (var attempt = 0; attempt < 3; attempt++)
            await Assert.ThrowsAsync<KubernetesException>(() => api.GetVersionAsync(Timeout));
        time.Advance(TimeSpan.FromSeconds(6));
        await Assert.ThrowsAsync<KubernetesException>(() => api.GetVersionAsync(Timeout));

        Assert.Equal(2, (await File.ReadAllLinesAsync(Path.Combine(_directory, "runs"), Timeout)).Length);
    }

    [Fact]
    public async Task Plugin_ThatIsNotInstalled_IsAskedFor()
    {
        await using var server = await ScriptedServer.StartAsync(Answers.Version);
        await using var api = server.Client(Once, User("gatehouse-no-such-plugin"));

        Assert.Contains("install it", (await Assert.ThrowsAsync<KubernetesException>(() => api.GetVersionAsync(Timeout))).Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("", ", interactiveMode: Always", "nobody to ask")]
    [InlineData("client.authentication.k8s.io/v1alpha1", "", "apiVersion must be")]
    public async Task Plugin_ThatCannotWork_IsRefusedBeforeItRuns(string version, string more, string message)
    {
        await using var server = await ScriptedServer.StartAsync(Answers.Version);

        var refused = Assert.Throws<KubeconfigException>(() => server.Client(Once, User(Counting(), version.Length > 0 ? version : Version, more)));

        Assert.Contains(message, refused.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Plugin_OfAnUploadedKubeconfig_RunsOnlyIfItIsAllowed()
    {
        await using var server = await ScriptedServer.StartAsync(Answers.Version);
        var script = Counting();
        var clients = new KubernetesClients(Once);
        var allowed = new KubeconfigRules { AllowedExecCommands = [script] };

        Assert.Contains("may not run", Assert.Throws<KubeconfigException>(() => clients.FromText(server.Kubeconfig(User(script)), null, KubeconfigRules.Uploaded)).Message, StringComparison.Ordinal);
        Assert.Contains("would change which program", Assert.Throws<KubeconfigException>(() =>
            clients.FromText(server.Kubeconfig(User(script, more: ", env: [{name: LD_PRELOAD, value: /x}]")), null, allowed)).Message, StringComparison.Ordinal);
        await using var api = clients.FromText(server.Kubeconfig(User(script)), null, allowed);
        Assert.Equal("v1.36.0", await api.GetVersionAsync(Timeout));
    }

    private static string User(string command, string version = Version, string more = "") =>
        $"{{exec: {{apiVersion: {version}, command: {command}, interactiveMode: {(more.Contains("interactiveMode", StringComparison.Ordinal) ? "Always" : "Never")}{more.Replace(", interactiveMode: Always", "", StringComparison.Ordinal)}}}}}";

    /// <summary>A plugin that prints token-1, token-2, … and speaks the version that it is asked in.</summary>
    private string Counting(string more = "") => Script($$$"""
        echo x >> {{{_directory}}}/count
        version=$(printf '%s' "$KUBERNETES_EXEC_INFO" | grep -o 'client.authentication.k8s.io/v[a-z0-9]*')
        echo "{\"apiVersion\":\"$version\",\"kind\":\"ExecCredential\",\"status\":{\"token\":\"token-$(wc -l < {{{_directory}}}/count)\"{{{more.Replace("\"", "\\\"", StringComparison.Ordinal)}}}}}"
        """);

    private string Script(string body)
    {
        var path = Path.Combine(_directory, $"plugin-{Guid.NewGuid():n}");
        File.WriteAllText(path, "#!/bin/sh\n" + body + "\n");
        if (!OperatingSystem.IsWindows())
            File.SetUnixFileMode(path, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
        return path;
    }
}
