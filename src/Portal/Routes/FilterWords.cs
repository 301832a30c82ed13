using System.Text.Json;
using Gatehouse.Portal.Api;

namespace Gatehouse.Portal.Routes;

/// <summary>Filters of a rule in a few words.</summary>
internal static class FilterWords
{
    public static string Describe(JsonElement filter) => filter.Text("type") switch
    {
        "RequestRedirect" => "redirect " + Redirect(filter.Field("requestRedirect") ?? default),
        "URLRewrite" => "rewrite " + Rewrite(filter.Field("urlRewrite") ?? default),
        "RequestHeaderModifier" => "request headers: " + Headers(filter.Field("requestHeaderModifier") ?? default),
        "ResponseHeaderModifier" => "response headers: " + Headers(filter.Field("responseHeaderModifier") ?? default),
        "RequestMirror" => "mirror to " + (filter.Field("requestMirror")?.Field("backendRef")?.Text("name") ?? "a backend"),
        "CORS" => "CORS",
        { } other => other,
        null => "filter",
    };

    private static string Redirect(JsonElement redirect)
    {
        var target = (redirect.Text("scheme") is { } scheme ? scheme + "://" : "")
            + redirect.Text("hostname")
            + (redirect.Number("port") is { } port ? $":{port}" : "")
            + Path(redirect);
        var status = redirect.Number("statusCode") ?? 302;
        return target.Length == 0 ? $"with {status}" : $"with {status} to {target}";
    }

    private static string Rewrite(JsonElement rewrite) =>
        string.Join(" and ", new[] { rewrite.Text("hostname") is { } host ? $"host to {host}" : null, Path(rewrite) is { Length: > 0 } path ? $"path to {path}" : null }
            .Where(part => part is not null));

    private static string Path(JsonElement owner)
    {
        var path = owner.Field("path") ?? default;
        return path.Text("replaceFullPath") ?? (path.Text("replacePrefixMatch") is { } prefix ? $"{prefix}…" : "");
    }

    private static string Headers(JsonElement modifier)
    {
        var set = modifier.Items("set").Select(header => $"{header.Text("name")} = {header.Text("value")}");
        var add = modifier.Items("add").Select(header => $"{header.Text("name")} + {header.Text("value")}");
        var remove = modifier.Texts("remove").Select(name => $"without {name}");
        return string.Join(", ", [.. set, .. add, .. remove]);
    }
}
