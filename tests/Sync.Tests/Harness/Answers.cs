using System.Text;
using Microsoft.AspNetCore.Http;

namespace Gatehouse.Sync.Tests.Harness;

/// <summary>What API servers answer, good and bad.</summary>
internal static class Answers
{
    public static RequestDelegate Json(int status, string json, params (string Name, string Value)[] headers) => async context =>
    {
        context.Response.StatusCode = status;
        context.Response.ContentType = "application/json";
        foreach (var (name, value) in headers)
            context.Response.Headers[name] = value;
        await context.Response.WriteAsync(json, context.RequestAborted);
    };

    public static RequestDelegate Failure(int status, string reason = "", string message = "no", params (string Name, string Value)[] headers) => Json(status, Status(status, reason, message), headers);

    public static string Status(int code, string reason, string message) =>
        $$"""{"kind":"Status","apiVersion":"v1","metadata":{},"status":"Failure","message":"{{message}}","reason":"{{reason}}","code":{{code}}}""";

    public static RequestDelegate Version { get; } = Json(200, """{"gitVersion":"v1.36.0"}""");

    /// <summary>Takes the request and never answers.</summary>
    public static RequestDelegate Hang { get; } = context => WaitAsync(context);

    /// <summary>A list of ConfigMaps.</summary>
    public static RequestDelegate List(string resourceVersion, string? next, params string[] names) => Json(200,
        $$"""{"kind":"ConfigMapList","apiVersion":"v1","metadata":{"resourceVersion":"{{resourceVersion}}","continue":"{{next}}"},"items":[{{string.Join(',', names.Select(name => Object(name, "1")))}}]}""");

    public static string Object(string name, string resourceVersion) => $$$"""{"metadata":{"name":"{{{name}}}","resourceVersion":"{{{resourceVersion}}}"}}""";

    public static string Event(string type, string json) => $$"""{"type":"{{type}}","object":{{json}}}""" + "\n";

    public static string Bookmark(string resourceVersion) => Event("BOOKMARK", $$$"""{"kind":"ConfigMap","apiVersion":"v1","metadata":{"resourceVersion":"{{{resourceVersion}}}"}}""");

    /// <summary>A watch that says some things and ends.</summary>
    public static RequestDelegate Watch(params string[] parts) => context => WriteAsync(context, parts);

    /// <summary>A watch that says some things and then nothing more, without ending.</summary>
    public static RequestDelegate WatchThenSilence(params string[] parts) => async context =>
    {
        await WriteAsync(context, parts);
        await WaitAsync(context);
    };

    /// <summary>A watch that says some things and breaks off.</summary>
    public static RequestDelegate WatchThenAbort(params string[] parts) => async context =>
    {
        await WriteAsync(context, parts);
        await Task.Delay(100, context.RequestAborted);
        context.Abort();
    };

    private static async Task WriteAsync(HttpContext context, string[] parts)
    {
        context.Response.ContentType = "application/json";
        await context.Response.StartAsync(context.RequestAborted);
        foreach (var part in parts)
        {
            await context.Response.Body.WriteAsync(Encoding.UTF8.GetBytes(part), context.RequestAborted);
            await context.Response.Body.FlushAsync(context.RequestAborted);
        }
        await context.Response.Body.FlushAsync(context.RequestAborted);
    }

    private static async Task WaitAsync(HttpContext context)
    {
        try
        {
            await Task.Delay(Timeout.Infinite, context.RequestAborted);
        }
        catch (OperationCanceledException)
        {
            // The client went away.
        }
    }
}
