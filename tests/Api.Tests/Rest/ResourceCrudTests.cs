using Xunit;

namespace Gatehouse.Api.Tests.Rest;

public sealed class ResourceCrudTests(ApiFixture api) : IClassFixture<ApiFixture>
{
    private const string Backends = "/api/v1/tenants/shop/backends";
    private const string Backend = """{"spec":{"endpoints":[{"address":"127.0.0.1","port":9001}]}}""";

    [Fact]
    public async Task Put_NewThenSame_CreatesThenChangesNothing()
    {
        var editor = api.As("shop", "editor");

        var created = (await editor.PutAsync($"{Backends}/put-twice", Backend)).Expect(201);
        var repeated = (await editor.PutAsync($"{Backends}/put-twice", Backend)).Expect(200);

        Assert.Equal("put-twice", created.Json.GetProperty("name").GetString());
        Assert.Equal("shop", created.Json.GetProperty("tenant").GetString());
        Assert.Equal(1, created.Json.GetProperty("generation").GetInt64());
        Assert.Equal($"{Backends}/put-twice", created.Headers.Location?.ToString());
        Assert.Equal(created.ETag, repeated.ETag);
        Assert.Equal(created.Json.GetProperty("updatedAt").GetString(), repeated.Json.GetProperty("updatedAt").GetString());
    }

    [Fact]
    public async Task Put_WhatGetAnswered_IsAccepted()
    {
        var editor = api.As("shop", "editor");
        (await editor.PutAsync($"{Backends}/round-trip", Backend)).Expect(201);

        var read = (await editor.GetAsync($"{Backends}/round-trip")).Expect(200);
        var written = (await editor.PutAsync($"{Backends}/round-trip", read.Text)).Expect(200);

        Assert.Equal(read.ETag, written.ETag);
    }

    [Fact]
    public async Task Put_OtherSpec_GrowsGenerationAndKeepsCreationTime()
    {
        var editor = api.As("shop", "editor");
        var first = (await editor.PutAsync($"{Backends}/grow", Backend)).Expect(201);

        var second = (await editor.PutAsync($"{Backends}/grow", Backend.Replace("9001", "9002", StringComparison.Ordinal))).Expect(200);
        var labelled = (await editor.PatchAsync($"{Backends}/grow", """{"labels":{"app":"web"}}""")).Expect(200);

        Assert.Equal(2, second.Json.GetProperty("generation").GetInt64());
        Assert.Equal(2, labelled.Json.GetProperty("generation").GetInt64());
        Assert.Equal(first.Json.GetProperty("createdAt").GetString(), labelled.Json.GetProperty("createdAt").GetString());
        Assert.Equal(first.Json.GetProperty("id").GetString(), labelled.Json.GetProperty("id").GetString());
        Assert.NotEqual(second.ETag, labelled.ETag);
    }

    [Fact]
    public async Task Get_SpecWrittenInAnyOrder_ComesBackInUpstreamsOrderWithoutDefaults()
    {
        var editor = api.As("shop", "editor");
        (await editor.PutAsync("/api/v1/tenants/shop/httproutes/order", """
            {"spec":{"rules":[{"backendRefs":[{"weight":90,"name":"v1"}],"matches":[{"path":{"value":"/a","type":"Exact"}}]}],"hostnames":["a.example.com"]}}
            """)).Expect(201);

        var read = (await editor.GetAsync("/api/v1/tenants/shop/httproutes/order")).Expect(200);

        Assert.Equal(
            """{"hostnames":["a.example.com"],"rules":[{"matches":[{"path":{"type":"Exact","value":"/a"}}],"backendRefs":[{"name":"v1","weight":90}]}]}""",
            read.Json.GetProperty("spec").GetRawText());
    }

    [Fact]
    public async Task Put_UnknownFields_AreRefusedWithPointers()
    {
        var answer = await api.As("shop", "editor").PutAsync($"{Backends}/unknown", """{"spec":{"endpoints":[],"colour":"red"},"kind":"Backend"}""");

        answer.ExpectProblem(422, "invalid").ExpectField("/kind", "unknown_field").ExpectField("/spec/colour", "unknown_field");
    }

    [Fact]
    public async Task Put_NameInBodyDiffers_IsRefused() =>
        (await api.As("shop", "editor").PutAsync($"{Backends}/one", Backend.Replace("{\"spec\"", "{\"name\":\"two\",\"spec\"", StringComparison.Ordinal)))
            .ExpectProblem(422, "invalid").ExpectField("/name", "conflict");

    [Fact]
    public async Task Post_NameInUse_IsConflict()
    {
        var editor = api.As("shop", "editor");
        var body = Backend.Replace("{\"spec\"", "{\"name\":\"posted\",\"spec\"", StringComparison.Ordinal);

        (await editor.PostAsync(Backends, body)).Expect(201);

        (await editor.PostAsync(Backends, body)).ExpectProblem(409, "already_exists");
        (await editor.PostAsync(Backends, Backend)).ExpectProblem(422, "invalid").ExpectField("/name", "required");
    }

    [Fact]
    public async Task Patch_MergePatch_MergesRemovesAndReplaces()
    {
        var editor = api.As("shop", "editor");
        (await editor.PutAsync($"{Backends}/patched", """
            {"labels":{"a":"1","b":"2"},"spec":{"endpoints":[{"address":"10.0.0.1","port":80}],"loadBalancing":"Random","healthChecks":{"active":{"path":"/healthz"}}}}
            """)).Expect(201);

        var patched = (await editor.PatchAsync($"{Backends}/patched", """
            {"labels":{"a":null,"c":"3"},"spec":{"loadBalancing":null,"healthChecks":{"active":{"interval":"5s"}},"endpoints":[{"address":"10.0.0.2","port":81}]}}
            """)).Expect(200);

        Assert.Equal("""{"b":"2","c":"3"}""", patched.Json.GetProperty("labels").GetRawText());
        Assert.Equal(
            """{"endpoints":[{"address":"10.0.0.2","port":81}],"healthChecks":{"active":{"path":"/healthz","interval":"5s"}}}""",
            patched.Json.GetProperty("spec").GetRawText());
    }

    [Fact]
    public async Task Patch_ResultIsInvalid_ChangesNothing()
    {
        var editor = api.As("shop", "editor");
        (await editor.PutAsync($"{Backends}/unbroken", Backend)).Expect(201);

        (await editor.PatchAsync($"{Backends}/unbroken", """{"spec":null}""")).ExpectProblem(422, "invalid").ExpectField("/spec", "required");
        (await editor.PatchAsync($"{Backends}/missing", "{}")).ExpectProblem(404, "not_found");

        Assert.Equal(9001, (await editor.GetAsync($"{Backends}/unbroken")).Json.GetProperty("spec").GetProperty("endpoints")[0].GetProperty("port").GetInt32());
    }

    [Fact]
    public async Task Delete_Referenced_ListsReferrersOrCascades()
    {
        var editor = api.As("shop", "editor");
        (await editor.PutAsync($"{Backends}/used", Backend)).Expect(201);
        (await editor.PutAsync("/api/v1/tenants/shop/httproutes/user", """{"spec":{"rules":[{"backendRefs":[{"name":"used"}]}]}}""")).Expect(201);

        var refused = (await editor.DeleteAsync($"{Backends}/used")).ExpectProblem(409, "referenced");
        (await editor.DeleteAsync($"{Backends}/used?cascade=true&dryRun=true")).Expect(204);
        (await editor.GetAsync($"{Backends}/used")).Expect(200);
        (await editor.DeleteAsync($"{Backends}/used?cascade=true")).Expect(204);

        Assert.Equal("""[{"kind":"HTTPRoute","tenant":"shop","name":"user"}]""", refused.Json.GetProperty("referrers").GetRawText());
        (await editor.GetAsync("/api/v1/tenants/shop/httproutes/user")).ExpectProblem(404, "not_found");
        (await editor.DeleteAsync($"{Backends}/used")).ExpectProblem(404, "not_found");
    }

    [Fact]
    public async Task DryRun_OnEveryWrite_AnswersAndChangesNothing()
    {
        var editor = api.As("shop", "editor");
        (await editor.PutAsync($"{Backends}/dry", Backend)).Expect(201);

        (await editor.PutAsync($"{Backends}/dry-new?dryRun=true", Backend)).Expect(201);
        (await editor.PostAsync($"{Backends}?dryRun=true", Backend.Replace("{\"spec\"", "{\"name\":\"dry-post\",\"spec\"", StringComparison.Ordinal))).Expect(201);
        (await editor.PatchAsync($"{Backends}/dry?dryRun=true", """{"labels":{"x":"y"}}""")).Expect(200);
        (await editor.DeleteAsync($"{Backends}/dry?dryRun=true")).Expect(204);
        (await editor.PutAsync($"{Backends}/dry-bad?dryRun=true", "{}")).ExpectProblem(422, "invalid");
        (await editor.PutAsync($"{Backends}/dry?dryRun=perhaps", Backend)).ExpectProblem(422, "invalid").ExpectField("?dryRun", "invalid_format");

        (await editor.GetAsync($"{Backends}/dry-new")).Expect(404);
        (await editor.GetAsync($"{Backends}/dry-post")).Expect(404);
        Assert.Equal("{}", (await editor.GetAsync($"{Backends}/dry")).Expect(200).Json.GetProperty("labels").GetRawText());
    }
}
