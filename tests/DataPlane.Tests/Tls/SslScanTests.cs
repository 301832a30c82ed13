using System.Diagnostics;
using System.Globalization;
using System.Xml.Linq;
using Gatehouse.DataPlane.Tests.Harness;
using Xunit;
using static Gatehouse.DataPlane.Tests.Harness.TlsTables;

namespace Gatehouse.DataPlane.Tests.Tls;

public sealed class SslScanTests
{
    /// <summary>What sslscan (https://github.com/rbsec/sslscan) says of a listener as tenants get it.</summary>
    [SslScanTheory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Listener_ScannedFromOutside_HasNoWeakness(bool rsa)
    {
        var shop = rsa ? TestCertificate.OfRsa("shop", "shop.test") : TestCertificate.Of("shop", "shop.test");
        await using var gateway = await TlsTables.StartAsync(With([Https("one", "shop.test", shop)], []), shop);
        var scan = await ScanAsync(gateway.Port);
        Assert.Equal(["TLSv1.2", "TLSv1.3"], scan.Elements("protocol").Where(protocol => Is(protocol, "enabled")).Select(protocol => $"{(string)protocol.Attribute("type")! switch { "tls" => "TLSv", var other => other }}{(string)protocol.Attribute("version")!}").Order());
        Assert.False(Is(scan.Element("renegotiation"), "supported") && !Is(scan.Element("renegotiation"), "secure"));
        Assert.False(Is(scan.Element("compression"), "supported"));
        Assert.All(scan.Elements("heartbleed"), finding => Assert.False(Is(finding, "vulnerable")));
        // Their largest ones cost a server a hundred times what curves do, and the client nothing.
        Assert.All(scan.Elements("group"), group => Assert.DoesNotMatch("(?i)ffdhe|DHE", (string)group.Attribute("name")!));
        Assert.NotEmpty(scan.Elements("group"));
        var ciphers = scan.Elements("cipher").Select(cipher => (string)cipher.Attribute("cipher")!).ToArray();
        Assert.NotEmpty(ciphers);
        // Authenticated encryption with keys that no stolen certificate key opens later.
        Assert.All(ciphers, cipher => Assert.Matches("^(TLS_(AES|CHACHA20)|ECDHE-(ECDSA|RSA)-(AES(128|256)-GCM|CHACHA20))", cipher));
        Assert.All(scan.Elements("cipher"), cipher => Assert.Contains((string?)cipher.Attribute("strength"), new[] { "strong", "acceptable" }));
    }

    private static bool Is(XElement? element, string attribute) => (string?)element?.Attribute(attribute) == "1";

    private static async Task<XElement> ScanAsync(int port)
    {
        var file = Path.GetTempFileName();
        var start = new ProcessStartInfo("sslscan", ["--sni-name=shop.test", $"--xml={file}", "--no-colour", string.Create(CultureInfo.InvariantCulture, $"127.0.0.1:{port}")]) { RedirectStandardOutput = true };
        using var process = Process.Start(start)!;
        await process.StandardOutput.ReadToEndAsync();
        await process.WaitForExitAsync();
        var scan = XDocument.Load(file).Root!.Element("ssltest")!;
        File.Delete(file);
        return scan;
    }
}

/// <summary>A test that runs where sslscan is installed.</summary>
internal sealed class SslScanTheoryAttribute : TheoryAttribute
{
    public SslScanTheoryAttribute()
    {
        if (!(Environment.GetEnvironmentVariable("PATH") ?? "").Split(':').Any(directory => File.Exists(Path.Combine(directory, "sslscan"))))
            Skip = "sslscan is not installed.";
    }
}
