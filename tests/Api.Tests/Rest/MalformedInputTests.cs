using System.Net.Http.Headers;
using System.Text;
using Xunit;

namespace Gatehouse.Api.Tests.Rest;

public sealed class MalformedInputTests(ApiFixture api) : IClassFixture<ApiFixture>
{
    private const string Backend = "/api/v1/tenants/shop/backends/malformed";

    [Theory]
    [InlineData("", 1, 1)]
    [InlineData("{\n  \"spec\": {,}\n}", 2, 12)]
    [InlineData("{\"spec\":{}} trailing", 1, 13)]
    [InlineData("{\"spec\":{/*c*/}}", 1, 10)]
    [InlineData("{'spec':{}}", 1, 2)]
    public async Task Body_NotJson_NamesLineAndColumn(string body, int line, int column)
    {
        var answer = (await api.As("shop", "editor").PutAsync(Backend, body)).ExpectProblem(400, "malformed_json");

        Assert.Equal((line, column), (answer.Json.GetProperty("line").GetInt32(), answer.Json.GetProperty("column").GetInt32()));
    }

    [Fact]
    public async Task Body_TooDeep_IsMalformed() =>
        (await api.As("shop", "editor").PutAsync(Backend, new string('[', 100) + new string(']', 100))).ExpectProblem(400, "malformed_json");

    [Theory]
    [InlineData("[]", "", "invalid_type")]
    [InlineData("null", "", "invalid_type")]
    [InlineData("\"text\"", "", "invalid_type")]
    [InlineData("""{"spec":{},"spec":{}}""", "/spec", "duplicate_field")]
    [InlineData("""{"name":"a\u0000b","spec":{}}""", "/name", "invalid_characters")]
    [InlineData("""{"annotations":{"a":"\ud800"},"spec":{}}""", "/annotations/a", "invalid_characters")]
    [InlineData("""{"labels":{"a":1},"spec":{}}""", "/labels/a", "invalid_type")]
    [InlineData("""{"labels":{"-a":"b"},"spec":{}}""", "/labels/-a", "invalid_format")]
    [InlineData("""{"labels":[],"spec":{}}""", "/labels", "invalid_type")]
    [InlineData("""{"spec":{"endpoints":"x"}}""", "/spec/endpoints", "invalid_type")]
    [InlineData("""{"spec":{"endpoints":[{"address":"a","port":70000}]}}""", "/spec/endpoints/0/port", "out_of_range")]
    [InlineData("""{"spec":{"endpoints":[{"address":"a","port":"80"}]}}""", "/spec/endpoints/0/port", "invalid_type")]
    public async Task Body_WrongShape_IsInvalidWithPointer(string body, string pointer, string code) =>
        (await api.As("shop", "editor").PutAsync(Backend, body)).ExpectProblem(422, "invalid").ExpectField(pointer, code);

    [Theory]
    [InlineData("{\"annotations\":{\"a\":\"\u00ff\"},\"spec\":{}}", "/annotations/a")]
    [InlineData("{\"\u00ff\":1,\"spec\":{}}", "")]
    public async Task Body_OctetsThatAreNoUtf8_AreInvalidWithPointer(string body, string pointer)
    {
        using var http = new HttpClient { BaseAddress = api.Address };
        using var request = new HttpRequestMessage(HttpMethod.Put, Backend) { Content = new ByteArrayContent(Encoding.Latin1.GetBytes(body)) };
        request.Content.Headers.ContentType = new MediaTypeHeaderValue("application/json");
        request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", ApiFixture.AdminToken);
        using var response = await http.SendAsync(request);
        var answer = new ApiAnswer((int)response.StatusCode, await response.Content.ReadAsStringAsync(), response.Headers, response.Content.Headers);
        answer.ExpectProblem(422, "invalid").ExpectField(pointer, "invalid_characters");
    }

    [Theory]
    [InlineData("PUT", "text/plain")]
    [InlineData("PUT", null)]
    [InlineData("PUT", "application/json; charset=utf-16")]
    [InlineData("PATCH", "application/json")]
    [InlineData("PATCH", "application/json-patch+json")]
    public async Task Body_OtherMediaType_Gets415(string method, string? contentType) =>
        (await api.As("shop", "editor").SendAsync(method, Backend, "{}", contentType)).ExpectProblem(415, "unsupported_media_type");

    [Fact]
    public async Task Body_TooLarge_Gets413() =>
        (await api.As("shop", "editor").PutAsync(Backend, $$$"""{"annotations":{"a":"{{{new string('x', 3 * 1024 * 1024)}}}"},"spec":{}}""")).ExpectProblem(413, "too_large");

    [Theory]
    [InlineData("UPPER")]
    [InlineData("a_b")]
    [InlineData("-a")]
    [InlineData("%E2%80%AE")]
    public async Task Name_Wrong_IsInvalid(string name) =>
        (await api.As("shop", "editor").PutAsync($"/api/v1/tenants/shop/backends/{name}", """{"spec":{"endpoints":[{"address":"10.0.0.1","port":80}]}}"""))
            .ExpectProblem(422, "invalid").ExpectField("/name", "invalid_format");

    [Fact]
    public async Task Path_Unknown_IsAProblem()
    {
        (await api.Admin.GetAsync("/api/v1/nothing")).ExpectProblem(404, "not_found");
        (await api.Admin.SendAsync("PUT", "/api/v1/tenants", "{}")).ExpectProblem(405, "method_not_allowed");
    }

    [Fact]
    public async Task Answer_Always_CarriesSecurityHeaders()
    {
        var answer = await api.Admin.GetAsync("/api/v1/tenants");

        Assert.Equal("nosniff", answer.Headers.GetValues("X-Content-Type-Options").Single());
        Assert.Equal("default-src 'none'; frame-ancestors 'none'", answer.Headers.GetValues("Content-Security-Policy").Single());
        Assert.False(answer.Headers.Contains("Server"));
    }
}
