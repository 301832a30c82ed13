using Xunit;

namespace Gatehouse.Api.Tests.Rest;

public sealed class IdentityTests(ApiFixture api) : IClassFixture<ApiFixture>
{
    private const string Password = "a long enough password";

    [Fact]
    public async Task FirstAdmin_SignsIn_IsPlatformAdminUntilSignedOut()
    {
        var client = api.Client(await SignInAsync("admin@gatehouse.local", ApiFixture.AdminPassword));

        var me = (await client.GetAsync("/auth/me")).Expect(200).Json;
        (await client.GetAsync("/api/v1/users")).Expect(200);
        (await client.PostAsync("/auth/logout")).Expect(204);

        Assert.Equal("user", me.GetProperty("kind").GetString());
        Assert.True(me.GetProperty("platformAdmin").GetBoolean());
        Assert.Equal("owner", me.GetProperty("tenants")[0].GetProperty("role").GetString());
        (await client.GetAsync("/auth/me")).ExpectProblem(401, "unauthenticated");
    }

    [Fact]
    public async Task SignIn_Failed_GivesOneAnswerForAllReasons()
    {
        await CreateUserAsync("disabled@example.com");
        (await api.Admin.PatchAsync("/api/v1/users/disabled@example.com", """{"disabled":true}""")).Expect(200);

        var answers = new[]
        {
            await LoginAsync("nobody@example.com", Password),
            await LoginAsync("admin@gatehouse.local", "wrong"),
            await LoginAsync("disabled@example.com", Password),
        };

        Assert.All(answers, answer => answer.ExpectProblem(401, "invalid_credentials"));
        Assert.Single(answers.Select(answer => answer.Json.GetProperty("detail").GetString()).Distinct());
    }

    [Fact]
    public async Task SignIn_TooManyFailures_LocksTheAccount()
    {
        await CreateUserAsync("locked@example.com");
        await Task.WhenAll(Enumerable.Range(0, 12).Select(_ => LoginAsync("locked@example.com", "wrong password")));

        (await LoginAsync("locked@example.com", Password)).ExpectProblem(401, "invalid_credentials");
    }

    [Fact]
    public async Task Member_ChangesOfRole_AreBoundByOnesOwn()
    {
        await CreateUserAsync("ann@example.com");
        await CreateUserAsync("bob@example.com");
        (await api.Admin.PutAsync("/api/v1/tenants/shop/members/ann@example.com", """{"role":"owner"}""")).Expect(201);
        var ann = api.Client(await SignInAsync("ann@example.com", Password));

        (await api.As("shop", "admin").PutAsync("/api/v1/tenants/shop/members/bob@example.com", """{"role":"owner"}""")).ExpectProblem(403, "forbidden");
        (await api.As("shop", "admin").PutAsync("/api/v1/tenants/shop/members/bob@example.com", """{"role":"admin"}""")).Expect(201);
        (await api.As("shop", "admin").PutAsync("/api/v1/tenants/shop/members/ann@example.com", """{"role":"viewer"}""")).ExpectProblem(403, "forbidden");
        (await api.As("shop", "admin").DeleteAsync("/api/v1/tenants/shop/members/ann@example.com")).ExpectProblem(403, "forbidden");
        (await ann.PutAsync("/api/v1/tenants/shop/members/ann@example.com", """{"role":"viewer"}""")).ExpectProblem(409, "last_owner");
        (await ann.DeleteAsync("/api/v1/tenants/shop/members/ann@example.com")).ExpectProblem(409, "last_owner");
        (await api.Admin.DeleteAsync("/api/v1/users/ann@example.com")).ExpectProblem(409, "last_owner");
        (await ann.PutAsync("/api/v1/tenants/shop/members/nobody@example.com", """{"role":"viewer"}""")).ExpectProblem(422, "invalid").ExpectField("/name", "user_not_found");
        (await ann.PatchAsync("/api/v1/tenants/shop/members/bob@example.com", """{"role":"owner"}""")).Expect(200);
        (await ann.DeleteAsync("/api/v1/tenants/shop/members/ann@example.com")).Expect(204);
        (await ann.GetAsync("/api/v1/tenants/shop")).ExpectProblem(404, "not_found");
    }

    [Fact]
    public async Task Token_OfAMember_FollowsTheMembersRoleAndDiesWithTheMembership()
    {
        await CreateUserAsync("carl@example.com");
        (await api.Admin.PutAsync("/api/v1/tenants/payments/members/carl@example.com", """{"role":"admin"}""")).Expect(201);
        var carl = api.Client(await SignInAsync("carl@example.com", Password));
        var issued = (await carl.PostAsync("/api/v1/tenants/payments/tokens", """{"name":"carls","role":"admin"}""")).Expect(201).Json;
        var token = api.Client(issued.GetProperty("token").GetString());
        Assert.Equal("carl@example.com", issued.GetProperty("issuer").GetString());
        (await token.GetAsync("/api/v1/tenants/payments/tokens")).Expect(200);

        (await api.Admin.PutAsync("/api/v1/tenants/payments/members/carl@example.com", """{"role":"viewer"}""")).Expect(200);
        (await token.GetAsync("/api/v1/tenants/payments/tokens")).ExpectProblem(403, "forbidden");
        (await token.GetAsync("/api/v1/tenants/payments")).Expect(200);

        (await api.Admin.PatchAsync("/api/v1/users/carl@example.com", """{"disabled":true}""")).Expect(200);
        (await token.GetAsync("/api/v1/tenants/payments")).ExpectProblem(401, "unauthenticated");
        (await carl.GetAsync("/auth/me")).ExpectProblem(401, "unauthenticated");
        (await api.Admin.PatchAsync("/api/v1/users/carl@example.com", """{"disabled":false}""")).Expect(200);
        (await token.GetAsync("/api/v1/tenants/payments")).Expect(200);

        (await api.Admin.DeleteAsync("/api/v1/tenants/payments/members/carl@example.com")).Expect(204);
        (await token.GetAsync("/api/v1/tenants/payments")).ExpectProblem(401, "unauthenticated");
    }

    [Fact]
    public async Task Token_Deleted_StopsWorking()
    {
        var admin = api.As("shop", "admin");
        var issued = (await admin.PostAsync("/api/v1/tenants/shop/tokens", """{"name":"short","role":"viewer","expiresAt":"2099-01-01T00:00:00Z"}""")).Expect(201).Json;
        var client = api.Client(issued.GetProperty("token").GetString());
        (await client.GetAsync("/api/v1/tenants/shop")).Expect(200);

        (await admin.DeleteAsync("/api/v1/tenants/shop/tokens/short")).Expect(204);

        (await client.GetAsync("/api/v1/tenants/shop")).ExpectProblem(401, "unauthenticated");
        Assert.DoesNotContain(issued.GetProperty("token").GetString()!, (await admin.GetAsync("/api/v1/tenants/shop/tokens")).Text, StringComparison.Ordinal);
        (await admin.PostAsync("/api/v1/tenants/shop/tokens", """{"name":"past","role":"viewer","expiresAt":"2020-01-01T00:00:00Z"}""")).ExpectProblem(422, "invalid").ExpectField("/expiresAt", "out_of_range");
        (await admin.PostAsync("/api/v1/tenants/shop/tokens", """{"name":"odd","role":"king"}""")).ExpectProblem(422, "invalid").ExpectField("/role", "unsupported_value");
    }

    [Fact]
    public async Task User_PlatformAdmin_OwnsTheTenantsThatItCreates()
    {
        await CreateUserAsync("root@example.com", ",\"platformAdmin\":true");
        var root = api.Client(await SignInAsync("root@example.com", Password));

        (await root.PutAsync("/api/v1/tenants/rooted", """{"displayName":"Rooted"}""")).Expect(201);
        (await root.PostAsync("/api/v1/tenants/rooted/tokens", """{"name":"mine","role":"owner"}""")).Expect(201);
        (await root.PostAsync("/api/v1/tenants/shop/tokens", """{"name":"not-mine","role":"owner"}""")).ExpectProblem(409, "not_a_member");
        (await root.DeleteAsync("/api/v1/users/root@example.com")).ExpectProblem(409, "oneself");
        (await api.Admin.DeleteAsync("/api/v1/tenants/rooted")).Expect(204);
        (await api.Admin.DeleteAsync("/api/v1/users/root@example.com")).Expect(204);

        (await root.GetAsync("/auth/me")).ExpectProblem(401, "unauthenticated");
    }

    private async Task CreateUserAsync(string email, string more = "") =>
        (await api.Admin.PostAsync("/api/v1/users", $$"""{"name":"{{email}}","password":"{{Password}}"{{more}}}""")).Expect(201);

    private Task<ApiAnswer> LoginAsync(string email, string password) =>
        api.Client(null).PostAsync("/auth/login", $$"""{"email":"{{email}}","password":"{{password}}"}""");

    private async Task<string> SignInAsync(string email, string password) =>
        (await LoginAsync(email, password)).Expect(200).Json.GetProperty("token").GetString()!;

    [Fact]
    public async Task Token_IssuedWithATokenThatIsDeleted_EndsWithIt()
    {
        var admin = api.As("shop", "admin");
        var first = (await admin.PostAsync("/api/v1/tenants/shop/tokens", """{"name":"leaked","role":"admin"}""")).Expect(201).Json;
        var second = (await api.Client(first.GetProperty("token").GetString()).PostAsync("/api/v1/tenants/shop/tokens", """{"name":"foothold","role":"admin"}""")).Expect(201).Json;
        var foothold = api.Client(second.GetProperty("token").GetString());
        (await foothold.GetAsync("/api/v1/tenants/shop/tokens")).Expect(200);

        (await admin.DeleteAsync("/api/v1/tenants/shop/tokens/leaked")).Expect(204);

        (await foothold.GetAsync("/api/v1/tenants/shop/tokens")).ExpectProblem(401, "unauthenticated");
    }
}
