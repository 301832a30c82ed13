using Xunit;

namespace Gatehouse.Api.Tests.Rest;

public sealed class ListSearchTests(ApiFixture api) : IClassFixture<ApiFixture>
{
    private const string Backends = "/api/v1/tenants/shop/backends";
    private const string Backend = """{"spec":{"endpoints":[{"address":"127.0.0.1","port":9001}]}}""";

    [Fact]
    public async Task List_Search_FindsNamesThatContainItPageByPage()
    {
        var editor = api.As("shop", "editor");
        foreach (var name in new[] { "find-a", "find-b", "other", "re-find" })
            (await editor.PutAsync($"{Backends}/{name}", Backend)).Expect(201);

        var first = (await editor.GetAsync($"{Backends}?search=find&limit=2")).Expect(200);
        var token = first.Json.GetProperty("continue").GetString();
        var second = (await editor.GetAsync($"{Backends}?search=find&limit=2&continue={token}")).Expect(200);

        Assert.Equal(["find-a", "find-b"], Names(first));
        Assert.Equal(1, first.Json.GetProperty("remaining").GetInt64());
        Assert.Equal(["re-find"], Names(second));
    }

    [Theory]
    [InlineData("%25")]
    [InlineData("_")]
    [InlineData("'")]
    [InlineData("%5C")]
    public async Task List_SearchWithPatternCharacters_TakesThemLiterally(string search)
    {
        var answer = (await api.As("shop", "viewer").GetAsync($"{Backends}?search={search}")).Expect(200);
        Assert.Empty(Names(answer));
    }

    [Fact]
    public async Task List_SearchWithControlCharacter_IsRefused()
    {
        var answer = (await api.As("shop", "viewer").GetAsync($"{Backends}?search=a%00b")).Expect(422);
        Assert.Equal("?search", answer.Json.GetProperty("errors")[0].GetProperty("pointer").GetString());
    }

    private static string[] Names(ApiAnswer answer) =>
        [.. answer.Json.GetProperty("items").EnumerateArray().Select(item => item.GetProperty("name").GetString()!)];
}
