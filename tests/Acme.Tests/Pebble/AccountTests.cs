using Gatehouse.Testing.Acme;
using Xunit;

namespace Gatehouse.Acme.Tests.Pebble;

/// <summary>Accounts of a real authority.</summary>
public sealed class AccountTests
{
    private const string HmacKey = "zWNDZM6eQGHWpSRTPal5eIUYFTu7EajVIoguysqZ9wG44nMEtx3MUAsUDkMTQ12W";

    [Fact]
    public async Task Account_MadeTwice_IsOne()
    {
        await using var pebble = await PebbleServer.StartAsync();
        using var issuance = new Issuance(pebble);
        var client = issuance.Client;

        var before = await client.FindAccountAsync();
        var made = await client.EnsureAccountAsync(["mailto:ops@example.com"], null);
        using var stored = AcmeKey.Import(issuance.Key.ExportPkcs8());
        var again = new AcmeClient(issuance.Http, pebble.DirectoryUrl, stored);
        var found = await again.FindAccountAsync();
        await again.UpdateContactsAsync(["mailto:other@example.com"]);

        Assert.Null(before);
        Assert.Equal(made, found);
        Assert.Equal(made, await again.EnsureAccountAsync([], null));
        Assert.Equal(issuance.Key.Thumbprint, stored.Thumbprint);
    }

    [Fact]
    public async Task Account_WithContactThatNobodyHas_IsRefusedForGood()
    {
        await using var pebble = await PebbleServer.StartAsync();
        using var issuance = new Issuance(pebble);

        var refusal = await Assert.ThrowsAsync<AcmeException>(() => issuance.Client.EnsureAccountAsync(["mailto:no address"], null));

        Assert.Equal((AcmeErrorKind.InvalidContact, true), (refusal.Kind, refusal.IsPermanent));
    }

    [Fact]
    public async Task Directory_OfPebble_SaysWhatItWants()
    {
        await using var pebble = await PebbleServer.StartAsync(new PebbleOptions { ExternalAccounts = new Dictionary<string, string> { ["kid-1"] = HmacKey } });
        using var issuance = new Issuance(pebble);

        var directory = await issuance.Client.GetDirectoryAsync();

        Assert.True(directory.ExternalAccountRequired);
        // Its terms are a data: address, which is no page that somebody can be sent to.
        Assert.Null(directory.TermsOfService);
    }

    [Fact]
    public async Task ExternalAccount_ThatIsKnown_IsBound()
    {
        await using var pebble = await PebbleServer.StartAsync(new PebbleOptions { ExternalAccounts = new Dictionary<string, string> { ["kid-1"] = HmacKey } });
        using var issuance = new Issuance(pebble);

        await issuance.Client.EnsureAccountAsync([], ExternalAccountBinding.FromBase64Url("kid-1", HmacKey));

        Assert.Equal(["bound.example.com"], (await issuance.IssueAsync(["bound.example.com"])).Names);
    }

    [Theory]
    [InlineData(null, null, AcmeErrorKind.ExternalAccountRequired)]
    [InlineData("kid-1", "d3Jvbmcta2V5LXdyb25nLWtleS13cm9uZy1rZXktd3Jvbmcta2V5", AcmeErrorKind.Unauthorized)]
    [InlineData("kid-2", HmacKey, AcmeErrorKind.Unauthorized)]
    public async Task ExternalAccount_WrongOrMissing_IsRefused(string? keyId, string? key, AcmeErrorKind kind)
    {
        await using var pebble = await PebbleServer.StartAsync(new PebbleOptions { ExternalAccounts = new Dictionary<string, string> { ["kid-1"] = HmacKey } });
        using var issuance = new Issuance(pebble);
        var binding = keyId is null ? null : ExternalAccountBinding.FromBase64Url(keyId, key!);

        var refusal = await Assert.ThrowsAsync<AcmeException>(() => issuance.Client.EnsureAccountAsync([], binding));

        Assert.Equal(kind, refusal.Kind);
        Assert.Null(issuance.Client.Account);
    }

    [Fact]
    public async Task Key_Changed_IsTheOneThatCounts()
    {
        await using var pebble = await PebbleServer.StartAsync();
        using var issuance = await Issuance.StartAsync(pebble);
        using var next = AcmeKey.Generate();

        await issuance.Client.ChangeKeyAsync(next);

        Assert.Same(next, issuance.Client.Key);
        Assert.Equal(["rolled.example.com"], (await issuance.IssueAsync(["rolled.example.com"])).Names);
        var old = new AcmeClient(issuance.Http, pebble.DirectoryUrl, issuance.Key);
        Assert.Null(await old.FindAccountAsync());
    }

    [Fact]
    public async Task Account_Deactivated_IsClosed()
    {
        await using var pebble = await PebbleServer.StartAsync();
        using var issuance = await Issuance.StartAsync(pebble);

        await issuance.Client.DeactivateAccountAsync();
        var refusal = await Assert.ThrowsAsync<AcmeException>(() => issuance.Client.NewOrderAsync(["closed.example.com"]));

        Assert.Equal((AcmeErrorKind.AccountClosed, true), (refusal.Kind, refusal.IsPermanent));
    }

    [Fact]
    public async Task Account_ThatAuthorityLost_IsToldAndMadeAgain()
    {
        await using var pebble = await PebbleServer.StartAsync();
        using var issuance = await Issuance.StartAsync(pebble);
        await pebble.StopAsync();

        var down = await Assert.ThrowsAsync<AcmeException>(() => issuance.Client.NewOrderAsync(["lost.example.com"]));
        await pebble.RestartAsync();
        var lost = await Assert.ThrowsAsync<AcmeException>(() => issuance.Client.NewOrderAsync(["lost.example.com"]));
        await issuance.Client.EnsureAccountAsync([], null);

        Assert.Equal((AcmeErrorKind.Unreachable, false, true), (down.Kind, down.IsPermanent, down.IsOutage));
        Assert.Equal((AcmeErrorKind.AccountGone, false), (lost.Kind, lost.IsPermanent));
        Assert.Equal(["lost.example.com"], (await issuance.IssueAsync(["lost.example.com"])).Names);
    }
}
