using Gatehouse.Sync.Kubernetes;
using Gatehouse.Sync.Kubernetes.Kubeconfigs;
using Gatehouse.Sync.Tests.Harness;
using Xunit;

namespace Gatehouse.Sync.Tests.Kubernetes;

public sealed class KubeconfigTests : IDisposable
{
    private static readonly KubernetesClients Clients = new(ScriptedServer.Quick with { Tries = 1 });
    private readonly string _directory = Directory.CreateTempSubdirectory("gatehouse-kubeconfig").FullName;
    private readonly CancellationTokenSource _timeout = new(TimeSpan.FromSeconds(30));

    private CancellationToken Timeout => _timeout.Token;

    public void Dispose()
    {
        Directory.Delete(_directory, true);
        _timeout.Dispose();
    }

    [Fact]
    public async Task Files_Merged_GiveEachNameToTheFirstThatHasItAndPathsToTheirOwnDirectory()
    {
        await using var server = await ScriptedServer.StartAsync(Answers.Version);
        Write("a/ca.crt", server.Authority.CertificatePem);
        Write("b/token", "from-b");
        var first = Write("a/config", $$"""
            apiVersion: v1
            kind: Config
            clusters:
            - name: c
              cluster: {server: "{{server.Url}}", certificate-authority: ca.crt}
            """);
        var second = Write("b/config", """
            apiVersion: v1
            kind: Config
            current-context: main
            contexts:
            - name: main
              context: {cluster: c, user: u}
            - name: other
              context: {cluster: c, user: v}
            clusters:
            - name: c
              cluster: {server: "https://127.0.0.1:1"}
            users:
            - name: u
              user: {tokenFile: token}
            - name: v
              user: {token: 0123}
            """);
        var third = Write("c/config", "{current-context: other, users: [{name: u, user: {token: from-c}}]}");
        string[] files = [Path.Combine(_directory, "missing"), first, second, third];

        await using var main = await Clients.FromFilesAsync(files, null, KubeconfigRules.Operator, Timeout);
        await using var other = await Clients.FromFilesAsync(files, "other", KubeconfigRules.Operator, Timeout);
        await main.GetVersionAsync(Timeout);
        await other.GetVersionAsync(Timeout);

        Assert.Equal(["Bearer from-b", "Bearer 0123"], server.Requests.Select(seen => seen.Authorization));
    }

    [Fact]
    public async Task Files_NoneOfWhichIsThere_AreNamed()
    {
        var missing = Path.Combine(_directory, "missing");

        Assert.Contains(missing, (await Assert.ThrowsAsync<KubeconfigException>(() => Clients.FromFilesAsync([missing], null, KubeconfigRules.Operator, Timeout))).Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("{tokenFile: /etc/passwd}", "", "tokenFile names a file")]
    [InlineData("{client-certificate: /etc/passwd}", "", "client-certificate names a file")]
    [InlineData("{client-certificate-data: YQ==, client-key: /etc/passwd}", "", "client-key names a file")]
    [InlineData("{}", "certificate-authority: /etc/passwd, ", "certificate-authority names a file")]
    [InlineData("{exec: {command: /bin/sh, apiVersion: client.authentication.k8s.io/v1}}", "", "may not run")]
    [InlineData("{username: u, password: secret-9}", "", "basic authentication was removed from Kubernetes 1.19")]
    [InlineData("{auth-provider: {name: gcp}}", "", "use an exec plugin")]
    [InlineData("{token: secret-9, as: root}", "", "does not impersonate")]
    [InlineData("{token: [secret-9]}", "", "users[u].user.token must be text")]
    [InlineData("{client-key-data: '!secret-9'}", "", "client-key-data is not base64")]
    [InlineData("{token: t}", "insecure-skip-tls-verify: true, certificate-authority-data: YQ==, ", "keep the authority")]
    [InlineData("{token: t}", "proxy-url: 'ftp://user:secret-9@x', ", "proxy-url must be a URL")]
    [InlineData("{token: t}", "insecure-skip-tls-verify: 'yes', ", "must be true or false")]
    public void Upload_WithWhatItMayNotHave_IsRefusedInWordsWithoutSecrets(string user, string cluster, string message)
    {
        var kubeconfig = $"{{current-context: c, contexts: [{{name: c, context: {{cluster: c, user: u}}}}], clusters: [{{name: c, cluster: {{{cluster}server: 'https://127.0.0.1:1'}}}}], users: [{{name: u, user: {user}}}]}}";

        var refused = Assert.Throws<KubeconfigException>(() => Clients.FromText(kubeconfig, null, KubeconfigRules.Uploaded));

        Assert.Contains(message, refused.Message, StringComparison.Ordinal);
        Assert.DoesNotContain("secret-9", refused.ToString(), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("https://u:secret-9@10.0.0.1", "must be a URL")]
    [InlineData("http://10.0.0.1", "must begin with https://")]
    [InlineData("file:///etc/passwd", "must be a URL")]
    public void Upload_WithABadServer_IsRefused(string server, string message)
    {
        var refused = Assert.Throws<KubeconfigException>(() => Clients.FromText(
            $"{{current-context: c, contexts: [{{name: c, context: {{cluster: c}}}}], clusters: [{{name: c, cluster: {{server: '{server}'}}}}]}}", null, KubeconfigRules.Uploaded));

        Assert.Contains(message, refused.Message, StringComparison.Ordinal);
        Assert.DoesNotContain("secret-9", refused.ToString(), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("", "no YAML object")]
    [InlineData("- a", "no YAML object")]
    [InlineData("{kind: Pod}", "its kind is not Config")]
    [InlineData("{users: {token: secret-9", "is not YAML")]
    [InlineData("a: &x [secret-9]\nb: *x", "has an alias")]
    [InlineData("token: secret-9\ntoken: b", "a second time")]
    [InlineData("{clusters: [{}]}", "clusters[0].name is missing")]
    [InlineData("{}", "no current-context")]
    [InlineData("{current-context: x, contexts: [{name: y, context: {}}]}", "no context x; it has y")]
    [InlineData("{current-context: y, contexts: [{name: y, context: {cluster: z}}]}", "no cluster z")]
    public void Text_ThatIsNoKubeconfig_IsRefusedInWords(string text, string message)
    {
        var refused = Assert.Throws<KubeconfigException>(() => Clients.FromText(text, null, KubeconfigRules.Uploaded));

        Assert.Contains(message, refused.Message, StringComparison.Ordinal);
        Assert.DoesNotContain("secret-9", refused.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public void Text_NestedWithoutEnd_IsRefusedAndHarmsNobody()
    {
        Assert.Contains("levels deep", Assert.Throws<KubeconfigException>(() => Clients.FromText(new string('[', 500_000), null, KubeconfigRules.Uploaded)).Message, StringComparison.Ordinal);
        Assert.Contains("may have 1024 KiB", Assert.Throws<KubeconfigException>(() => Clients.FromText(new string('x', 2_000_000), null, KubeconfigRules.Uploaded)).Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task ProxyUrl_OfAnHttpProxy_TunnelsTheRequests()
    {
        await using var proxy = new ConnectProxy();
        await using var server = await ScriptedServer.StartAsync(Answers.Version);
        await using var api = server.Client(cluster: $", proxy-url: 'http://127.0.0.1:{proxy.Port}'");

        Assert.Equal("v1.36.0", await api.GetVersionAsync(Timeout));

        Assert.StartsWith($"CONNECT {server.Url["https://".Length..]} ", Assert.Single(proxy.Heads), StringComparison.Ordinal);
        Assert.Equal("HTTP/2", server.Requests[0].Protocol);
    }

    [Fact]
    public async Task ProxyUrl_OfAProxyThatRefuses_IsNamed()
    {
        await using var proxy = new ConnectProxy(refuses: true);
        await using var server = await ScriptedServer.StartAsync(Answers.Version);
        await using var api = server.Client(ScriptedServer.Quick with { Tries = 1 }, cluster: $", proxy-url: 'http://user:secret-9@127.0.0.1:{proxy.Port}'");

        var failure = await Assert.ThrowsAsync<KubernetesException>(() => api.GetVersionAsync(Timeout));

        Assert.Contains("proxy-url", failure.Message, StringComparison.Ordinal);
        Assert.DoesNotContain("secret-9", failure.ToString(), StringComparison.Ordinal);
    }

    private string Write(string name, string content)
    {
        var path = Path.Combine(_directory, name);
        Directory.CreateDirectory(Path.GetDirectoryName(path)!);
        File.WriteAllText(path, content);
        return path;
    }
}
