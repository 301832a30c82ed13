using System.Security.Claims;
using Gatehouse.Portal.Sessions;
using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.DataProtection;
using Xunit;

namespace Gatehouse.Portal.Tests.Sessions;

public sealed class SessionStoreTests : IDisposable
{
    private const string Token = "ghs_secret-token";
    private readonly DirectoryInfo data = Directory.CreateTempSubdirectory("gatehouse-sessions-");
    private readonly EphemeralDataProtectionProvider keys = new();
    private readonly MovableClock clock = new();

    public void Dispose() => data.Delete(recursive: true);

    [Fact]
    public async Task Session_AfterRestart_IsStillThere()
    {
        var key = await Store().StoreAsync(Ticket());
        var ticket = await Store().RetrieveAsync(key);
        Assert.Equal("Ada", ticket!.Principal.Identity!.Name);
        Assert.Equal(Token, await Store().FindTokenAsync(ticket.Principal));
    }

    [Fact]
    public async Task Session_OnDisk_HoldsNeitherKeyNorTokenAndIsPrivate()
    {
        var key = await Store().StoreAsync(Ticket());
        var file = Assert.Single(data.GetFiles("*", SearchOption.AllDirectories));
        var text = file.FullName + await File.ReadAllTextAsync(file.FullName);
        Assert.DoesNotContain(key, text, StringComparison.Ordinal);
        Assert.DoesNotContain(Token, text, StringComparison.Ordinal);
        if (!OperatingSystem.IsWindows())
            Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute, file.Directory!.UnixFileMode);
    }

    [Fact]
    public async Task Session_Removed_IsGoneForEverybody()
    {
        var store = Store();
        var key = await store.StoreAsync(Ticket());
        var user = (await store.RetrieveAsync(key))!.Principal;
        await store.RemoveAsync(key);
        Assert.Null(await store.FindTokenAsync(user));
        Assert.Null(await Store().RetrieveAsync(key));
    }

    [Fact]
    public async Task Session_Expired_IsGoneAndItsFileToo()
    {
        var store = Store();
        var key = await store.StoreAsync(Ticket());
        clock.Now += TimeSpan.FromHours(9);
        Assert.Null(await store.RetrieveAsync(key));
        Assert.Empty(data.GetFiles("*", SearchOption.AllDirectories));
    }

    [Fact]
    public async Task Session_ExpiredAndNeverAskedFor_IsSweptByALaterSignIn()
    {
        var store = Store();
        await store.StoreAsync(Ticket());
        clock.Now += TimeSpan.FromHours(9);
        await store.StoreAsync(Ticket());
        Assert.Single(data.GetFiles("*", SearchOption.AllDirectories));
    }

    [Fact]
    public async Task Session_FileTamperedWith_IsNoSession()
    {
        var key = await Store().StoreAsync(Ticket());
        var file = Assert.Single(data.GetFiles("*", SearchOption.AllDirectories));
        var bytes = await File.ReadAllBytesAsync(file.FullName);
        bytes[^1] ^= 1;
        await File.WriteAllBytesAsync(file.FullName, bytes);
        Assert.Null(await Store().RetrieveAsync(key));
    }

    [Fact]
    public async Task Session_SignedInAgain_FindsTheNewToken()
    {
        var store = Store();
        var key = await store.StoreAsync(Ticket());
        await store.RenewAsync(key, Ticket("another"));
        var user = (await store.RetrieveAsync(key))!.Principal;
        Assert.Equal("another", await store.FindTokenAsync(user));
    }

    [Fact]
    public async Task FindToken_NobodySignedIn_IsNull() => Assert.Null(await Store().FindTokenAsync(new ClaimsPrincipal()));

    [Theory]
    [InlineData("/tenants/shop?q=a", "/tenants/shop?q=a")]
    [InlineData("//example.org", "/")]
    [InlineData("/\\example.org", "/")]
    [InlineData("https://example.org", "/")]
    [InlineData("/a\r\nLocation: x", "/")]
    [InlineData("", "/")]
    [InlineData(null, "/")]
    public void LocalOrHome_ReturnUrl_NeverLeavesTheSite(string? url, string expected) => Assert.Equal(expected, SignInFlow.LocalOrHome(url));

    private SessionStore Store() => new(new PortalHostOptions { DataDirectory = data.FullName }, keys, clock);

    private AuthenticationTicket Ticket(string token = Token)
    {
        var properties = new AuthenticationProperties { ExpiresUtc = clock.Now.AddHours(8) };
        properties.StoreTokens([new AuthenticationToken { Name = PortalClaims.ApiToken, Value = token }]);
        return new AuthenticationTicket(new ClaimsPrincipal(new ClaimsIdentity([new Claim(ClaimTypes.Name, "Ada")], "test")), properties, "test");
    }

    private sealed class MovableClock : TimeProvider
    {
        public DateTimeOffset Now { get; set; } = DateTimeOffset.UtcNow;

        public override DateTimeOffset GetUtcNow() => Now;
    }
}
