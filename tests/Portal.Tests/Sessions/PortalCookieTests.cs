using Microsoft.AspNetCore.Authentication.Cookies;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;
using Xunit;

namespace Gatehouse.Portal.Tests.Sessions;

public sealed class PortalCookieTests
{
    [Theory]
    [InlineData("http://127.0.0.1:5081", null, "gatehouse-portal", CookieSecurePolicy.SameAsRequest)]
    [InlineData("https://127.0.0.1:5081", null, "__Host-gatehouse-portal", CookieSecurePolicy.Always)]
    [InlineData("http://0.0.0.0:5081", "https://portal.example.com", "__Host-gatehouse-portal", CookieSecurePolicy.Always)]
    public async Task Cookie_HowPeopleReachThePortal_DecidesItsName(string url, string? publicUrl, string name, CookieSecurePolicy secure)
    {
        var data = Directory.CreateTempSubdirectory("gatehouse-cookies-");
        await using var portal = PortalHost.Build(new PortalHostOptions { Url = url, PublicUrl = publicUrl, DataDirectory = data.FullName });

        var cookie = portal.Services.GetRequiredService<IOptionsMonitor<CookieAuthenticationOptions>>().Get(CookieAuthenticationDefaults.AuthenticationScheme).Cookie;

        Assert.Equal((name, secure), (cookie.Name, cookie.SecurePolicy));
        Assert.True(cookie.HttpOnly);
        Assert.Equal(SameSiteMode.Strict, cookie.SameSite);
        Assert.Null(cookie.Domain);
        Assert.Equal("/", cookie.Path);
        data.Delete(recursive: true);
    }

    [Theory]
    [InlineData("ftp://127.0.0.1")]
    [InlineData("5081")]
    public void Configuration_NoUrl_SaysWhichSettingAndWhatItShouldBe(string value)
    {
        var error = Assert.Throws<InvalidOperationException>(() => PortalConfiguration.Read(new Dictionary<string, string> { ["GATEHOUSE_PORTAL"] = value }));
        Assert.StartsWith("GATEHOUSE_PORTAL is an http or https URL", error.Message, StringComparison.Ordinal);
    }
}
