using System.Text;
using Microsoft.Playwright;
using Xunit;
using static Microsoft.Playwright.Assertions;

namespace Gatehouse.Portal.Tests.Browser;

/// <summary>Certificates as the portal shows and takes them.</summary>
[Collection(BrowserCollection.Name)]
public sealed class CertificateTests(PortalFixture portal)
{
    private const string Certificate = "-----BEGIN CERTIFICATE-----\nMIIB\n-----END CERTIFICATE-----";
    private const string Key = "-----BEGIN PRIVATE KEY-----\nMIIC\n-----END PRIVATE KEY-----";

    [BrowserFact]
    public async Task Certificates_OfATenant_SayWhatEndsAndWhatRenewsItself()
    {
        await using var window = await portal.OpenAsync();
        await window.SignInAsync("/tenants/shop/certificates");
        await Expect(window.Page.GetByRole(AriaRole.Row, new() { Name = "legacy" })).ToContainTextAsync("Ends soon");
        await Expect(window.Page.GetByRole(AriaRole.Row, new() { Name = "legacy" })).ToContainTextAsync("Upload a newer one under the same name.");
        await Expect(window.Page.GetByRole(AriaRole.Row, new() { Name = "old.example.com" })).ToContainTextAsync("Expired");
        await Expect(window.Page.GetByRole(AriaRole.Row, new() { Name = "shop.example.com.managed" })).ToContainTextAsync("renews itself");
    }

    [BrowserFact]
    public async Task Upload_DroppedFiles_AreToldApartAndSent()
    {
        await using var window = await portal.OpenAsync();
        await window.SignInAsync("/tenants/shop/upload-certificate");
        await window.InteractiveAsync();
        var files = window.Page.GetByLabel("Files");
        await files.SetInputFilesAsync(new FilePayload { Name = "notes.txt", MimeType = "text/plain", Buffer = Encoding.ASCII.GetBytes("hello") });
        await Expect(window.Page.GetByRole(AriaRole.Alert)).ToContainTextAsync("notes.txt is neither PEM nor a PFX file.");
        await files.SetInputFilesAsync(new FilePayload { Name = "Web Chain.pem", MimeType = "text/plain", Buffer = Encoding.ASCII.GetBytes(Certificate) });
        await Expect(window.Page.GetByText("One certificate; its private key is missing.")).ToBeVisibleAsync();
        await window.Page.GetByLabel("Or paste PEM").FillAsync(Key);
        await Expect(window.Page.GetByText("One certificate and its private key.")).ToBeVisibleAsync();
        await Expect(window.Page.GetByLabel("Or paste PEM")).ToHaveValueAsync("");
        await window.Page.GetByLabel("Name", new() { Exact = true }).FillAsync("legacy");
        await window.Page.GetByLabel("Passphrase").FillAsync("open sesame");
        await window.Page.GetByRole(AriaRole.Button, new() { Name = "Upload" }).ClickAsync();

        await Expect(window.Page.GetByRole(AriaRole.Alert)).ToContainTextAsync("There is a certificate of this name already.");
        await window.Page.GetByRole(AriaRole.Button, new() { Name = "Replace it" }).ClickAsync();
        await Expect(window.Page.GetByText("Certificate legacy is replaced.")).ToBeVisibleAsync();
        var (name, spec) = Assert.Single(portal.Api.Certificates);
        Assert.Equal(("legacy", Certificate, Key, "open sesame"), (name, (string?)spec["certificate"], (string?)spec["privateKey"], (string?)spec["passphrase"]));
    }
}
