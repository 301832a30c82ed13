using System.Text.Json;
using Gatehouse.Api.Tests.Rest;
using Xunit;

namespace Gatehouse.Api.Tests.Import;

/// <summary>Imports into an API of its own.</summary>
public sealed class ImportFixture : ApiFixture
{
    /// <summary>Imports as a platform admin.</summary>
    public Task<ApiAnswer> ImportAsync(string manifests, string query = "", string type = "application/yaml") =>
        Admin.SendAsync("POST", "/api/v1/import" + query, manifests, type);

    /// <summary>Imports into a tenant.</summary>
    public Task<ApiAnswer> ImportIntoAsync(string tenant, string role, string manifests, string query = "") =>
        As(tenant, role).SendAsync("POST", $"/api/v1/tenants/{tenant}/import{query}", manifests, "application/yaml");
}

/// <summary>Reads the answers of imports.</summary>
internal static class ImportAnswers
{
    /// <summary>The entry of an object.</summary>
    public static JsonElement Entry(this ApiAnswer answer, string kind, string name) =>
        Assert.Single(answer.Json.GetProperty("objects").EnumerateArray(), entry =>
            entry.GetProperty("kind").GetString() == kind && entry.GetProperty("name").GetString() == name);

    /// <summary>Checks verdict and action of an object; returns its messages, joined.</summary>
    public static string Expect(this ApiAnswer answer, string kind, string name, string verdict, string? action = null)
    {
        var entry = answer.Entry(kind, name);
        var messages = string.Join("\n", entry.GetProperty("messages").EnumerateArray().Select(message => message.GetString()));
        Assert.True(verdict == entry.GetProperty("verdict").GetString(), $"{kind} {name}: {entry.GetProperty("verdict")}, {messages}");
        if (action is not null)
            Assert.True(action == entry.GetProperty("action").GetString(), $"{kind} {name}: {entry.GetProperty("action")}, {messages}");
        return messages;
    }

    public static int Count(this ApiAnswer answer, string counter) => answer.Json.GetProperty("summary").GetProperty(counter).GetInt32();
}
