using Gatehouse.Testing.Acme;
using Xunit;

namespace Gatehouse.Acme.Tests.Pebble;

/// <summary>What becomes of authorizations.</summary>
public sealed class AuthorizationTests
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);

    [Theory]
    [InlineData("http-01", AcmeErrorKind.Unauthorized, AcmeErrorKind.IncorrectResponse)]
    [InlineData("dns-01", AcmeErrorKind.Unauthorized, AcmeErrorKind.Dns)]
    public async Task Challenge_AnsweredWrongly_SaysWhy(string type, params AcmeErrorKind[] kinds)
    {
        await using var pebble = await PebbleServer.StartAsync();
        using var issuance = await Issuance.StartAsync(pebble);
        var order = await issuance.Client.NewOrderAsync(["wrong.example.com"]);
        var challenge = (await issuance.Client.GetAuthorizationAsync(order.Authorizations[0])).Challenge(type)!;
        await pebble.Challenges.AddHttp01Async(challenge.Token, "something else");
        await pebble.Challenges.AddTextAsync("_acme-challenge.wrong.example.com", "something else");

        await issuance.Client.RespondAsync(challenge);
        var failure = await Assert.ThrowsAsync<AcmeException>(() => issuance.Client.WaitForAuthorizationAsync(order.Authorizations[0], Patience));

        Assert.Contains(failure.Kind, kinds);
        Assert.False(failure.IsPermanent);
        Assert.NotEmpty(failure.Detail!);
        var ended = await Assert.ThrowsAsync<AcmeException>(() => issuance.Client.WaitForOrderAsync(order.Url, [AcmeOrderStatus.Ready], Patience));
        Assert.Equal(AcmeOrderStatus.Invalid, (await issuance.Client.GetOrderAsync(order.Url)).Status);
        Assert.False(ended.IsPermanent);
        var read = await issuance.Client.GetAuthorizationAsync(order.Authorizations[0]);
        Assert.Equal((AcmeAuthorizationStatus.Invalid, AcmeChallengeStatus.Invalid), (read.Status, read.Challenge(type)!.Status));
        Assert.Equal(failure.Type, read.Challenge(type)!.Error!.Type);
    }

    [Fact]
    public async Task Address_WhereNobodyListens_IsAConnectionProblem()
    {
        await using var pebble = await PebbleServer.StartAsync(new PebbleOptions { HttpPort = Gatehouse.Testing.Net.FreePort.Next() });
        using var issuance = await Issuance.StartAsync(pebble);
        var order = await issuance.Client.NewOrderAsync(["closed.example.com"]);

        await issuance.Client.RespondAsync((await issuance.Client.GetAuthorizationAsync(order.Authorizations[0])).Challenge("http-01")!);
        var failure = await Assert.ThrowsAsync<AcmeException>(() => issuance.Client.WaitForAuthorizationAsync(order.Authorizations[0], Patience));

        Assert.Equal(AcmeErrorKind.Connection, failure.Kind);
    }

    [Fact]
    public async Task Authorization_ThatIsValid_NeedsNoChallengeAgain()
    {
        await using var pebble = await PebbleServer.StartAsync(new PebbleOptions { AuthorizationReuse = 100 });
        using var issuance = await Issuance.StartAsync(pebble);
        await issuance.IssueAsync(["again.example.com"]);

        var order = await issuance.Client.NewOrderAsync(["again.example.com"]);

        Assert.Equal(AcmeOrderStatus.Ready, order.Status);
        Assert.Equal(AcmeAuthorizationStatus.Valid, (await issuance.Client.WaitForAuthorizationAsync(order.Authorizations[0], Patience)).Status);
    }

    [Fact]
    public async Task Authorization_Deactivated_Ends()
    {
        await using var pebble = await PebbleServer.StartAsync();
        using var issuance = await Issuance.StartAsync(pebble);
        var order = await issuance.Client.NewOrderAsync(["*.given-up.example.com"]);
        var authorization = await issuance.Client.GetAuthorizationAsync(order.Authorizations[0]);

        await issuance.Client.DeactivateAuthorizationAsync(authorization.Url);
        var failure = await Assert.ThrowsAsync<AcmeException>(() => issuance.Client.WaitForAuthorizationAsync(authorization.Url, Patience));

        Assert.Equal(("given-up.example.com", true, AcmeAuthorizationStatus.Pending), (authorization.Name, authorization.IsWildcard, authorization.Status));
        Assert.Equal((AcmeErrorKind.Ended, false), (failure.Kind, failure.IsPermanent));
    }

    [Fact]
    public async Task Name_ThatAuthorityBlocks_IsRejectedForGood()
    {
        await using var pebble = await PebbleServer.StartAsync(new PebbleOptions { BlockedDomains = ["blocked.example"] });
        using var issuance = await Issuance.StartAsync(pebble);

        var refusal = await Assert.ThrowsAsync<AcmeException>(() => issuance.Client.NewOrderAsync(["fine.example.com", "www.blocked.example"]));

        Assert.Equal((AcmeErrorKind.Rejected, true), (refusal.Kind, refusal.IsPermanent));
        Assert.NotEmpty(refusal.Detail!);
        Assert.DoesNotContain(refusal.Detail!, refusal.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Order_FinalizedTooSoonOrWithAnotherName_IsRefused()
    {
        await using var pebble = await PebbleServer.StartAsync();
        using var issuance = await Issuance.StartAsync(pebble);
        using var key = CertificateKey.Create(CertificateKeyKind.EcdsaP256);
        var order = await issuance.Client.NewOrderAsync(["early.example.com"]);

        var early = await Assert.ThrowsAsync<AcmeException>(() => issuance.Client.FinalizeAsync(order, key.Csr(["early.example.com"])));
        await issuance.AuthorizeAsync(order, "http-01");
        await issuance.Client.WaitForOrderAsync(order.Url, [AcmeOrderStatus.Ready], Patience);
        var other = await Assert.ThrowsAsync<AcmeException>(() => issuance.Client.FinalizeAsync(order, key.Csr(["other.example.com"])));

        Assert.Equal((AcmeErrorKind.OrderNotReady, false), (early.Kind, early.IsPermanent));
        Assert.Equal(AcmeErrorKind.Unauthorized, other.Kind);
    }

    [Fact]
    public async Task Wait_WhileAuthorityIsDown_GoesOnOrTellsSo()
    {
        await using var pebble = await PebbleServer.StartAsync();
        using var issuance = await Issuance.StartAsync(pebble);
        var order = await issuance.Client.NewOrderAsync(["down.example.com"]);
        await pebble.StopAsync();

        var failure = await Assert.ThrowsAsync<AcmeException>(() => issuance.Client.WaitForAuthorizationAsync(order.Authorizations[0], TimeSpan.FromSeconds(2)));

        Assert.Equal(AcmeErrorKind.Unreachable, failure.Kind);
    }
}
