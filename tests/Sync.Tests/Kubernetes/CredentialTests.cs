using Gatehouse.Sync.Kubernetes;
using Gatehouse.Sync.Kubernetes.Access;
using Gatehouse.Sync.Kubernetes.Kubeconfigs;
using Gatehouse.Sync.Tests.Harness;
using Microsoft.AspNetCore.Http;
using Xunit;

namespace Gatehouse.Sync.Tests.Kubernetes;

public sealed class CredentialTests : IDisposable
{
    private static readonly KubernetesClientOptions Once = ScriptedServer.Quick with { Tries = 1 };
    private readonly string _directory = Directory.CreateTempSubdirectory("gatehouse-credentials").FullName;
    private readonly CancellationTokenSource _timeout = new(TimeSpan.FromSeconds(30));

    private CancellationToken Timeout => _timeout.Token;

    public void Dispose()
    {
        Directory.Delete(_directory, true);
        _timeout.Dispose();
    }

    [Fact]
    public async Task TokenFile_ThatChanges_IsReadAgainAfterItsTimeAndWhenTheTokenIsRefused()
    {
        var file = Write("token", "first\n");
        await using var server = await ScriptedServer.StartAsync(Answers.Version, Answers.Version, Answers.Version, Answers.Failure(401, "Unauthorized"), Answers.Version);
        var time = new SettableTime();
        await using var api = server.Client(Once with { Time = time }, $"{{tokenFile: {file}, token: loses}}");

        await api.GetVersionAsync(Timeout);
        Write("token", "second");
        await api.GetVersionAsync(Timeout);
        time.Advance(TimeSpan.FromSeconds(61));
        await api.GetVersionAsync(Timeout);
        Write("token", "third");
        await api.GetVersionAsync(Timeout);

        Assert.Equal(["Bearer first", "Bearer first", "Bearer second", "Bearer second", "Bearer third"], server.Requests.Select(seen => seen.Authorization));
    }

    [Fact]
    public async Task TokenFile_ThatVanishes_LeavesTheTokenThatWasRead()
    {
        var file = Write("token", "first");
        await using var server = await ScriptedServer.StartAsync(Answers.Version);
        var time = new SettableTime();
        await using var api = server.Client(Once with { Time = time }, $"{{tokenFile: {file}}}");
        await api.GetVersionAsync(Timeout);

        File.Delete(file);
        time.Advance(TimeSpan.FromSeconds(61));
        await api.GetVersionAsync(Timeout);

        Assert.All(server.Requests, seen => Assert.Equal("Bearer first", seen.Authorization));
    }

    [Fact]
    public async Task TokenFile_ThatIsMissing_IsNamedWithItsPlace()
    {
        await using var server = await ScriptedServer.StartAsync(Answers.Version);
        await using var api = server.Client(Once, "{tokenFile: /nowhere/token}");

        var failure = await Assert.ThrowsAsync<KubernetesException>(() => api.GetVersionAsync(Timeout));

        Assert.Contains("users[u].user.tokenFile", failure.Message, StringComparison.Ordinal);
        Assert.Empty(server.Requests);
    }

    [Fact]
    public async Task Token_ThatIsRefused_IsNotSentTwice()
    {
        await using var server = await ScriptedServer.StartAsync(Answers.Failure(401, "Unauthorized"));
        await using var api = server.Client();

        Assert.Equal(401, (await Assert.ThrowsAsync<KubernetesException>(() => api.GetVersionAsync(Timeout))).Status);
        Assert.Single(server.Requests);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task ClientCertificate_AsDataOrFile_IsShown(bool isRsa)
    {
        await using var server = await ScriptedServer.StartAsync(new ServerOptions { AsksForClientCertificate = true }, Answers.Version);
        var (certificate, key) = server.Authority.IssueClient("CN=worker", isRsa);
        await using var data = server.Client(Once, $"{{client-certificate-data: {ScriptedServer.Base64(certificate)}, client-key-data: {ScriptedServer.Base64(key)}}}");
        await using var files = server.Client(Once, $"{{client-certificate: {Write("crt", certificate)}, client-key: {Write("key", key)}}}");

        await data.GetVersionAsync(Timeout);
        await files.GetVersionAsync(Timeout);

        Assert.Equal(["CN=worker", "CN=worker"], server.Requests.Select(seen => seen.ClientSubject));
    }

    [Fact]
    public async Task ClientCertificate_ThatIsReplaced_IsShownOnNewConnectionsWhileAWatchRunsOn()
    {
        await using var server = await ScriptedServer.StartAsync(new ServerOptions { AsksForClientCertificate = true },
            Answers.List("7", null), async context =>
            {
                await Answers.Watch(Answers.Bookmark("8"))(context);
                await Task.Delay(1500, context.RequestAborted);
                await context.Response.WriteAsync(Answers.Bookmark("9"), context.RequestAborted);
                await Answers.Hang(context);
            }, Answers.Version);
        var (first, firstKey) = server.Authority.IssueClient("CN=first");
        var (second, secondKey) = server.Authority.IssueClient("CN=second");
        var time = new SettableTime();
        await using var api = server.Client(Once with { Time = time }, $"{{client-certificate: {Write("crt", first)}, client-key: {Write("key", firstKey)}}}");
        await using var signals = api.WatchAsync(new ApiKind("", "v1", "ConfigMap", "configmaps", true), null, null, Timeout).GetAsyncEnumerator(Timeout);
        await signals.MoveNextAsync();
        await signals.MoveNextAsync();

        Write("crt", second);
        Write("key", secondKey);
        time.Advance(TimeSpan.FromSeconds(61));
        await api.GetVersionAsync(Timeout);

        Assert.Equal("CN=second", server.Requests[^1].ClientSubject);
        await signals.MoveNextAsync();
        Assert.IsType<Alive>(signals.Current);
        Assert.Equal(3, server.Requests.Count);
    }

    [Fact]
    public async Task ClientCertificate_WithAnothersKey_IsRefusedWithoutShowingIt()
    {
        await using var server = await ScriptedServer.StartAsync(Answers.Version);
        var (certificate, _) = server.Authority.IssueClient("CN=a");
        var (_, key) = server.Authority.IssueClient("CN=b");
        await using var api = server.Client(Once, $"{{client-certificate-data: {ScriptedServer.Base64(certificate)}, client-key-data: {ScriptedServer.Base64(key)}}}");

        var failure = await Assert.ThrowsAsync<KubernetesException>(() => api.GetVersionAsync(Timeout));

        Assert.Contains("belong together", failure.Message, StringComparison.Ordinal);
        Assert.DoesNotContain(key.Split('\n')[1], failure.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Server_OfAnotherAuthority_IsNotTrusted()
    {
        using var stranger = TestAuthority.Create();
        await using var server = await ScriptedServer.StartAsync(Answers.Version);
        var kubeconfig = server.Kubeconfig().Replace(ScriptedServer.Base64(server.Authority.CertificatePem), ScriptedServer.Base64(stranger.CertificatePem), StringComparison.Ordinal);
        await using var api = new KubernetesClients(Once).FromText(kubeconfig, null, KubeconfigRules.Uploaded);

        Assert.Contains("certificate-authority", (await Assert.ThrowsAsync<KubernetesException>(() => api.GetVersionAsync(Timeout))).Message, StringComparison.Ordinal);
        Assert.Empty(server.Requests);
    }

    [Fact]
    public async Task Server_WithACertificateForAnotherName_NeedsTlsServerName()
    {
        await using var server = await ScriptedServer.StartAsync(new ServerOptions { Names = ["api.internal"] }, Answers.Version);
        await using var plain = server.Client(Once);
        await using var named = server.Client(Once, cluster: ", tls-server-name: api.internal");
        await using var wrong = server.Client(Once, cluster: ", tls-server-name: other.internal");

        Assert.Contains("tls-server-name", (await Assert.ThrowsAsync<KubernetesException>(() => plain.GetVersionAsync(Timeout))).Message, StringComparison.Ordinal);
        await Assert.ThrowsAsync<KubernetesException>(() => wrong.GetVersionAsync(Timeout));
        Assert.Equal("v1.36.0", await named.GetVersionAsync(Timeout));
    }

    [Fact]
    public async Task Server_WithInsecureSkipTlsVerify_NeedsNoAuthority()
    {
        await using var server = await ScriptedServer.StartAsync(new ServerOptions { Names = ["api.internal"] }, Answers.Version);
        var kubeconfig = server.Kubeconfig(cluster: ", insecure-skip-tls-verify: true").Replace("certificate-authority-data: " + ScriptedServer.Base64(server.Authority.CertificatePem) + ",", "", StringComparison.Ordinal);
        await using var api = new KubernetesClients(Once).FromText(kubeconfig, null, KubeconfigRules.Uploaded);

        Assert.Equal("v1.36.0", await api.GetVersionAsync(Timeout));
    }

    [Fact]
    public async Task InCluster_WithATokenAndAuthorityThatChange_ReadsBothAgain()
    {
        using var stranger = TestAuthority.Create();
        await using var server = await ScriptedServer.StartAsync(Answers.Version);
        var address = new Uri(server.Url);
        Write("token", "one");
        Write("ca.crt", stranger.CertificatePem);
        var time = new SettableTime();
        await using var api = new KubernetesClients(Once with { Time = time }).InCluster(new ServiceAccount { Directory = _directory, Host = address.Host, Port = $"{address.Port}" });
        await Assert.ThrowsAsync<KubernetesException>(() => api.GetVersionAsync(Timeout));

        Write("token", "two");
        Write("ca.crt", server.Authority.CertificatePem);
        time.Advance(TimeSpan.FromSeconds(61));

        Assert.Equal("v1.36.0", await api.GetVersionAsync(Timeout));
        Assert.Equal("Bearer two", Assert.Single(server.Requests).Authorization);
    }

    [Fact]
    public void InCluster_OutsideOne_SaysWhatToDo()
    {
        var clients = new KubernetesClients(Once);

        Assert.Contains("kubeconfig", Assert.Throws<KubeconfigException>(() => clients.InCluster(new ServiceAccount { Directory = _directory, Host = null, Port = null })).Message, StringComparison.Ordinal);
        Assert.Contains("automountServiceAccountToken", Assert.Throws<KubeconfigException>(() => clients.InCluster(new ServiceAccount { Directory = _directory, Host = "10.0.0.1", Port = "443" })).Message, StringComparison.Ordinal);
    }

    [KubernetesFact]
    public async Task ClientCertificate_OfTheClustersAuthority_IsWhoTheServerSees()
    {
        var directory = Path.GetDirectoryName(Path.GetFullPath(TestCluster.KubeconfigPath!))!;
        using var authority = TestAuthority.Load(directory);
        var server = System.Text.RegularExpressions.Regex.Match(await File.ReadAllTextAsync(TestCluster.KubeconfigPath!, Timeout), "https://[0-9.:]+").Value;
        foreach (var isRsa in new[] { false, true })
        {
            var (certificate, key) = authority.IssueClient("O=system:masters, CN=worker", isRsa);
            await using var api = new KubernetesClients(Once).FromText(
                $"{{current-context: c, contexts: [{{name: c, context: {{cluster: c, user: u}}}}], clusters: [{{name: c, cluster: {{server: \"{server}\", certificate-authority-data: {ScriptedServer.Base64(authority.CertificatePem)}}}}}], "
                + $"users: [{{name: u, user: {{client-certificate-data: {ScriptedServer.Base64(certificate)}, client-key-data: {ScriptedServer.Base64(key)}}}}}]}}", null, KubeconfigRules.Uploaded);

            var list = await api.ListAsync(new ApiKind("", "v1", "Namespace", "namespaces", false), null, null, Timeout);

            Assert.NotEmpty(list.Items);
        }
    }

    private string Write(string name, string content)
    {
        var path = Path.Combine(_directory, name);
        File.WriteAllText(path, content);
        return path;
    }
}
