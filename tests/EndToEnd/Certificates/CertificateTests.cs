using System.Globalization;
using System.Text;
using System.Text.Json;
using Gatehouse.EndToEnd.Instances;
using Gatehouse.Persistence.PrivateKeys;
using Gatehouse.Testing.Backends;
using Gatehouse.Testing.Certificates;
using Gatehouse.Testing.Net;
using Xunit;

namespace Gatehouse.EndToEnd.Certificates;

/// <summary>From a certificate in the REST API to an HTTPS answer, and what keeps its private key.</summary>
public sealed class CertificateTests
{
    private const string Host = "shop.example.com";

    [Fact]
    public async Task Certificate_Uploaded_IsServedAtOnceAndAsLongAsItsKeyCanBeDecrypted()
    {
        var port = FreePort.Next();
        await using var backend = await EchoBackend.StartAsync("v1");
        await using var gatehouse = new StandaloneInstance("--publish", string.Create(CultureInfo.InvariantCulture, $"443:{port}"));
        await gatehouse.StartAsync();
        var kek = Path.Combine(gatehouse.DataDirectory, "kek");
        Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, File.GetUnixFileMode(kek));
        var first = TestKeyPair.Ec(Host);
        await PutAsync(gatehouse, first);
        await ServeAsync(gatehouse, backend);
        await TlsClient.WaitForAsync(port, Host, first.Certificate);
        Assert.Contains("200 OK", (await TlsClient.GetAsync(port, Host)).Answer, StringComparison.Ordinal);

        // A newer certificate takes its place within a second, whatever connections do.
        var second = TestKeyPair.Rsa(2048, Host);
        await PutAsync(gatehouse, second);
        Assert.InRange((await TlsClient.WaitForAsync(port, Host, second.Certificate)).TotalSeconds, 0, 1);

        // Rotation while requests come: nobody notices, and the old key-encryption key is not needed any more.
        var old = await File.ReadAllTextAsync(kek);
        var fresh = KeyRing.Draw();
        await File.WriteAllTextAsync(kek, fresh + "\n" + old);
        for (var i = 0; !await AllUnderAsync(gatehouse, KeyRing.Parse(fresh).ActiveId); i++)
        {
            Assert.Contains("200 OK", (await TlsClient.GetAsync(port, Host)).Answer, StringComparison.Ordinal);
            Assert.True(i < 400, "The rotation does not end.");
            await Task.Delay(25);
        }
        await File.WriteAllTextAsync(kek, fresh + "\n");
        Assert.Equal(0, await gatehouse.StopAsync());

        await MissingKeyAsync(gatehouse, kek, fresh);
        await gatehouse.StartAsync();
        await TlsClient.WaitForAsync(port, Host, second.Certificate);
        Assert.Equal(("True", "Uploaded"), await IssuedAsync(gatehouse));
        Assert.Equal(0, await gatehouse.StopAsync());

        await WrongKeyAsync(gatehouse, second, port);
        NoTraces(gatehouse, first, second);
    }

    [Fact]
    public async Task UnknownName_WithANeutralCertificate_Gets421AndNothingOfAnybody()
    {
        var port = FreePort.Next();
        await using var gatehouse = new StandaloneInstance("--publish", string.Create(CultureInfo.InvariantCulture, $"443:{port}"), "--unknown-sni", "neutral");
        await gatehouse.StartAsync();
        var pair = TestKeyPair.Ec(Host);
        await gatehouse.Api.PutAsync("tenants/shop", "{}");
        await gatehouse.Api.PutAsync("tenants/shop/certificates/web", JsonSerializer.Serialize(new { spec = new { certificate = pair.Certificate, privateKey = pair.PrivateKey } }));
        await gatehouse.Api.PutAsync($"tenants/shop/hostnames/{Host}", Objects.Empty);
        await TlsClient.WaitForAsync(port, Host, pair.Certificate);

        var (certificate, answer) = await TlsClient.GetAsync(port, "unknown.example.org");
        Assert.NotEqual(pair.Certificate.Trim(), certificate);
        Assert.StartsWith("HTTP/1.1 421", answer, StringComparison.Ordinal);
        Assert.DoesNotContain("shop", answer, StringComparison.Ordinal);
    }

    private static async Task MissingKeyAsync(StandaloneInstance gatehouse, string kek, string fresh)
    {
        File.Delete(kek);
        var refused = gatehouse.Launch();
        Assert.Equal(1, await refused.WaitForExitAsync(TimeSpan.FromSeconds(60)));
        Assert.Contains($"{kek} is missing", refused.Errors, StringComparison.Ordinal);
        Assert.Contains("restore it from a backup", refused.Errors, StringComparison.Ordinal);
        Assert.False(File.Exists(kek));
        await File.WriteAllTextAsync(kek, fresh + "\n");
    }

    private static async Task WrongKeyAsync(StandaloneInstance gatehouse, TestKeyPair pair, int port)
    {
        var other = Path.Combine(gatehouse.DataDirectory, "other-kek");
        await File.WriteAllTextAsync(other, KeyRing.Draw());
        await gatehouse.StartAsync("--kek-file", other);
        Assert.Contains("need the key-encryption key", gatehouse.Run.Output, StringComparison.Ordinal);

        // The data plane has its own copy; the status says what is wrong, and uploading the key again mends it.
        await TlsClient.WaitForAsync(port, Host, pair.Certificate);
        for (var i = 0; (await gatehouse.Api.GetAsync("tenants/platform/certificates/web")).Condition("Issued")?.Reason != "PrivateKeyUnreadable"; i++)
        {
            Assert.True(i < 100, "The status does not say that the key cannot be read.");
            await Task.Delay(100);
        }
        await PutAsync(gatehouse, pair);
        Assert.Equal(("True", "Uploaded"), await IssuedAsync(gatehouse));
        Assert.Equal(0, await gatehouse.StopAsync());
    }

    /// <summary>No file of the instance has the private keys in the clear; Postgres' own files are among them.</summary>
    private static void NoTraces(StandaloneInstance gatehouse, params TestKeyPair[] pairs)
    {
        var traces = pairs.SelectMany(pair => pair.Traces).Where(trace => trace != "PRIVATE KEY-----").ToList();
        foreach (var file in Directory.EnumerateFiles(gatehouse.DataDirectory, "*", SearchOption.AllDirectories))
        {
            var content = Encoding.Latin1.GetString(File.ReadAllBytes(file));
            Assert.All(traces, trace => Assert.False(content.Contains(trace, StringComparison.Ordinal), $"{file} has a private key."));
        }
    }

    private static async Task<bool> AllUnderAsync(StandaloneInstance gatehouse, string id)
    {
        var keys = (await gatehouse.Api.GetAsync("keyencryptionkeys")).Json["items"]!.AsArray();
        return keys.Where(key => (int)key!["privateKeys"]! > 0).All(key => (string?)key!["id"] == id) && keys.Any(key => (string?)key!["id"] == id && (bool)key["active"]!);
    }

    private static async Task<(string, string)?> IssuedAsync(StandaloneInstance gatehouse) =>
        (await gatehouse.Api.GetAsync("tenants/platform/certificates/web")).Condition("Issued") is { } issued ? (issued.Status, issued.Status == "True" ? issued.Reason : issued.Message) : null;

    private static Task<RestAnswer> PutAsync(StandaloneInstance gatehouse, TestKeyPair pair) => gatehouse.Api.PutAsync(
        "tenants/platform/certificates/web", JsonSerializer.Serialize(new { spec = new { certificate = pair.Certificate, privateKey = pair.PrivateKey } }));

    private static async Task ServeAsync(StandaloneInstance gatehouse, EchoBackend backend)
    {
        await gatehouse.Api.PutAsync("tenants/platform/gateways/edge", """
            {"spec":{"gatewayClassName":"gatehouse","listeners":[{"name":"https","port":443,"protocol":"HTTPS","tls":{"certificateRefs":[{"name":"web"}]},"allowedRoutes":{"namespaces":{"from":"All"}}}]}}
            """);
        await gatehouse.Api.PutAsync("tenants/shop", """{"displayName":"Shop"}""");
        await gatehouse.Api.PutAsync("tenants/shop/backends/v1", Objects.Backend(backend.Port));
        await gatehouse.Api.PutAsync($"tenants/shop/hostnames/{Host}", Objects.Empty);
        await gatehouse.Api.PutAsync("tenants/shop/httproutes/web", $$$"""
            {"spec":{"parentRefs":[{"name":"edge","namespace":"platform"}],"hostnames":["{{{Host}}}"],"rules":[{"backendRefs":[{"name":"v1"}]}]}}
            """);
        await gatehouse.Api.WaitUntilLiveAsync("tenants/shop/httproutes/web");
    }
}
