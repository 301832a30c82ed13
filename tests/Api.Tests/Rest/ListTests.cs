using System.Text.Json;
using Xunit;

namespace Gatehouse.Api.Tests.Rest;

public sealed class ListTests(ListTests.Fixture api) : IClassFixture<ListTests.Fixture>
{
    private const string Backends = "/api/v1/tenants/shop/backends";

    [Fact]
    public async Task List_InPages_GivesEveryObjectOnceInOrder()
    {
        var names = new List<string>();
        var remaining = new List<long?>();
        var path = $"{Backends}?limit=3";
        for (string? next = ""; next is not null;)
        {
            var page = (await api.As("shop", "viewer").GetAsync(path + (next.Length > 0 ? $"&continue={next}" : ""))).Expect(200).Json;
            names.AddRange(page.GetProperty("items").EnumerateArray().Select(item => item.GetProperty("name").GetString()!));
            remaining.Add(page.TryGetProperty("remaining", out var rest) ? rest.GetInt64() : null);
            next = page.TryGetProperty("continue", out var token) ? token.GetString() : null;
        }

        Assert.Equal(["b0", "b1", "b2", "b3", "b4", "b5", "b6", "b7"], names);
        Assert.Equal([5, 2, null], remaining);
    }

    [Theory]
    [InlineData("app=even", "b0,b2,b4,b6")]
    [InlineData("app==even,tier=low", "b0,b2")]
    [InlineData("app!=even", "b1,b3,b5,b7")]
    [InlineData("tier in (low, mid)", "b0,b1,b2,b3,b4,b5")]
    [InlineData("tier notin (low,mid)", "b6,b7")]
    [InlineData("gatehouse.dev/marked", "b7")]
    [InlineData("!gatehouse.dev/marked", "b0,b1,b2,b3,b4,b5,b6")]
    [InlineData("app=nothing", "")]
    [InlineData("", "b0,b1,b2,b3,b4,b5,b6,b7")]
    public async Task List_WithLabelSelector_FiltersAsKubernetesDoes(string selector, string expected)
    {
        var page = (await api.As("shop", "viewer").GetAsync($"{Backends}?labelSelector={Uri.EscapeDataString(selector)}")).Expect(200);

        Assert.Equal(expected, string.Join(',', page.Json.GetProperty("items").EnumerateArray().Select(item => item.GetProperty("name").GetString())));
    }

    [Theory]
    [InlineData("limit=0", "?limit", "out_of_range")]
    [InlineData("limit=501", "?limit", "out_of_range")]
    [InlineData("limit=many", "?limit", "out_of_range")]
    [InlineData("continue=!", "?continue", "invalid_format")]
    [InlineData("continue=WyJodHRwcm91dGVzIiwid2ViIl0", "?continue", "invalid_format")]
    [InlineData("labelSelector=a%3D%3D%3Db", "?labelSelector", "invalid_format")]
    [InlineData("labelSelector=a,,b", "?labelSelector", "invalid_format")]
    [InlineData("labelSelector=a%20in%20()x", "?labelSelector", "invalid_format")]
    [InlineData("labelSelector=';DROP%20TABLE%20resources;--", "?labelSelector", "invalid_format")]
    public async Task List_WrongParameters_AreNamed(string query, string pointer, string code) =>
        (await api.As("shop", "viewer").GetAsync($"{Backends}?{query}")).ExpectProblem(422, "invalid").ExpectField(pointer, code);

    [Fact]
    public async Task Audit_AfterWrites_ListsThemNewestFirstWithRevisions()
    {
        var viewer = api.As("shop", "viewer");
        var first = (await viewer.GetAsync("/api/v1/tenants/shop/audit?kind=Backend&limit=2")).Expect(200).Json;
        var items = first.GetProperty("items").EnumerateArray().ToList();
        var next = (await viewer.GetAsync($"/api/v1/tenants/shop/audit?kind=Backend&limit=2&continue={first.GetProperty("continue").GetString()}")).Expect(200).Json;

        Assert.Equal(["b7", "b6"], items.Select(item => item.GetProperty("name").GetString()));
        Assert.Equal(6, first.GetProperty("remaining").GetInt64());
        Assert.Equal("b5", next.GetProperty("items")[0].GetProperty("name").GetString());
        Assert.All(items, item => Assert.Equal(("create", "editor", "token"), (
            item.GetProperty("action").GetString(), item.GetProperty("actor").GetProperty("name").GetString(), item.GetProperty("actor").GetProperty("kind").GetString())));
        var revision = items[0].GetProperty("revision").GetInt64();
        var detail = (await viewer.GetAsync($"/api/v1/tenants/shop/revisions/{revision}")).Expect(200).Json;
        var change = detail.GetProperty("changes")[0];
        Assert.Equal(("create", "Backend", "b7"), (change.GetProperty("action").GetString(), change.GetProperty("kind").GetString(), change.GetProperty("name").GetString()));
        Assert.False(change.TryGetProperty("before", out _));
        Assert.Equal(80, change.GetProperty("after").GetProperty("spec").GetProperty("endpoints")[0].GetProperty("port").GetInt32());
        (await api.As("payments", "viewer").GetAsync($"/api/v1/tenants/payments/revisions/{revision}")).ExpectProblem(404, "not_found");
    }

    [Fact]
    public async Task Revisions_Listed_AreNewestFirst()
    {
        var page = (await api.As("shop", "viewer").GetAsync("/api/v1/tenants/shop/revisions?limit=5")).Expect(200).Json;
        var numbers = page.GetProperty("items").EnumerateArray().Select(item => item.GetProperty("revision").GetInt64()).ToList();

        Assert.Equal(numbers.OrderDescending(), numbers);
        Assert.Equal(5, numbers.Count);
        Assert.True(page.GetProperty("remaining").GetInt64() > 0);
    }

    public sealed class Fixture : ApiFixture, IAsyncLifetime
    {
        async Task IAsyncLifetime.InitializeAsync()
        {
            await InitializeAsync();
            for (var i = 0; i < 8; i++)
            {
                var labels = new Dictionary<string, string> { ["app"] = i % 2 == 0 ? "even" : "odd", ["tier"] = i < 3 ? "low" : i < 6 ? "mid" : "high" };
                if (i == 7)
                    labels["gatehouse.dev/marked"] = "";
                (await As("shop", "editor").PutAsync($"{Backends}/b{i}",
                    $$$"""{"labels":{{{JsonSerializer.Serialize(labels)}}},"spec":{"endpoints":[{"address":"10.0.0.1","port":80}]}}""")).Expect(201);
            }
        }
    }
}
