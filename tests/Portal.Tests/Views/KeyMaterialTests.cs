using System.Text;
using Gatehouse.Portal.Certificates;
using Xunit;

namespace Gatehouse.Portal.Tests.Views;

public sealed class KeyMaterialTests
{
    private const string Leaf = "-----BEGIN CERTIFICATE-----\nMIIB\n-----END CERTIFICATE-----";
    private const string Issuer = "-----BEGIN CERTIFICATE-----\nMIID\n-----END CERTIFICATE-----";

    [Theory]
    [InlineData("PRIVATE KEY")]
    [InlineData("RSA PRIVATE KEY")]
    [InlineData("EC PRIVATE KEY")]
    [InlineData("ENCRYPTED PRIVATE KEY")]
    public void Add_OneFileWithAll_FindsChainAndKey(string label)
    {
        var material = new KeyMaterial();
        var key = $"-----BEGIN {label}-----\nMIIC\n-----END {label}-----";
        Assert.Null(material.Add("all.pem", Encoding.ASCII.GetBytes($"subject=x\n{Leaf}\n{key}\r\n{Issuer}\n{Leaf}")));
        Assert.True(material.IsComplete);
        Assert.Equal("2 certificates and a private key.", material.Summary);
        Assert.Equal((Leaf + "\n" + Issuer, key), ((string?)material.Spec("")["certificate"], (string?)material.Spec("")["privateKey"]));
        Assert.False(material.Spec("").ContainsKey("passphrase"));
    }

    [Fact]
    public void Add_KeyWithOldEncryption_IsLeftToTheApi()
    {
        var material = new KeyMaterial();
        Assert.Null(material.Add("key.pem", Encoding.ASCII.GetBytes("-----BEGIN RSA PRIVATE KEY-----\nProc-Type: 4,ENCRYPTED\nDEK-Info: AES-256-CBC,00\n\nMIIC\n-----END RSA PRIVATE KEY-----")));
        Assert.Equal("A private key; the certificate is missing.", material.Summary);
    }

    [Fact]
    public void Add_PfxFile_IsSentAsItIs()
    {
        var material = new KeyMaterial();
        byte[] file = [0x30, 0x82, 0x01, 0x00];
        Assert.Null(material.Add("web.pfx", file));
        Assert.Equal((Convert.ToBase64String(file), "x"), ((string?)material.Spec("x")["pkcs12"], (string?)material.Spec("x")["passphrase"]));
    }

    [Theory]
    [InlineData("hello", "is neither PEM nor a PFX file")]
    [InlineData("-----BEGIN PUBLIC KEY-----\nMIIB\n-----END PUBLIC KEY-----", "holds neither a certificate nor a private key")]
    [InlineData("-----BEGIN CERTIFICATE-----\nMIIB", "holds neither a certificate nor a private key")]
    [InlineData("", "is neither PEM nor a PFX file")]
    public void Add_SomethingElse_SaysWhatItIsNot(string content, string words)
    {
        var material = new KeyMaterial();
        Assert.Contains(words, material.Add("x", Encoding.ASCII.GetBytes(content)), StringComparison.Ordinal);
        Assert.True(material.IsEmpty);
    }
}
