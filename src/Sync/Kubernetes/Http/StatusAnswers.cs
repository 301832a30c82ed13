using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;

namespace Gatehouse.Sync.Kubernetes.Http;

/// <summary>Turns what API servers say of failures into exceptions (https://kubernetes.io/docs/reference/kubernetes-api/common-definitions/status/).</summary>
internal static partial class StatusAnswers
{
    private const int Longest = 64 << 10;
    private const int LongestMessage = 2000;
    private const int MostCauses = 100;

    /// <summary>What an answer says.</summary>
    /// <param name="response">An answer that is no success.</param>
    /// <param name="isConfidential">Whether the server's words may quote secret values.</param>
    /// <param name="time">Clock, for a Retry-After that is a date.</param>
    /// <param name="cancellationToken">Ends it.</param>
    public static async Task<KubernetesException> ReadAsync(HttpResponseMessage response, bool isConfidential, TimeProvider time, CancellationToken cancellationToken)
    {
        var code = (int)response.StatusCode;
        if (code is >= 300 and < 400)
            return new KubernetesException(code, "Redirect", $"The API server answers {code} and sends elsewhere, which is not followed: give the cluster the URL of the API server itself.");
        var (bytes, isWhole) = await BoundedContent.ReadUpToAsync(response.Content, Longest, cancellationToken);
        var status = isWhole ? Parse(bytes) : null;
        return Of(status, code, isConfidential, RetryAfterOf(response, status, time));
    }

    /// <summary>What a Status object says, as watches bring it too.</summary>
    public static KubernetesException Of(JsonObject? status, int code, bool isConfidential, TimeSpan? retryAfter = null)
    {
        var reason = Json.Text(status?["reason"]);
        var causes = (Json.At(Json.At(status, "details"), "causes") as JsonArray ?? []).OfType<JsonObject>().Take(MostCauses).ToList();
        var message = isConfidential && code is >= 400 and < 500 && reason is not "NotFound" and not "Forbidden" and not "Conflict"
            ? $"refused; fields: {string.Join(", ", causes.Select(cause => Json.Text(cause["field"])).Where(field => field.Length > 0))}"
            : Json.Text(status?["message"]);
        if (message.Length == 0)
            message = "it does not say why";
        return new KubernetesException(code, reason, $"The API server answers {code}: {Printable(message)}", [.. causes.Select(ConflictOf).OfType<FieldConflict>()], retryAfter);
    }

    /// <summary>Whether the answer says that an object is missing; otherwise a 404 says that the kind is not served.</summary>
    public static bool IsMissingObject(KubernetesException exception) => exception is { Status: 404, Reason: "NotFound" };

    private static JsonObject? Parse(ReadOnlyMemory<byte> bytes)
    {
        try
        {
            return JsonNode.Parse(bytes.Span, null, new JsonDocumentOptions { AllowDuplicateProperties = false }) is JsonObject status && Json.Text(status["kind"]) == "Status" ? status : null;
        }
        catch (JsonException)
        {
            return null;
        }
    }

    private static FieldConflict? ConflictOf(JsonObject cause)
    {
        if (Json.Text(cause["reason"]) != "FieldManagerConflict")
            return null;
        var message = Json.Text(cause["message"]);
        var manager = Manager().Match(message);
        return new FieldConflict(Printable(manager.Success ? Escape().Replace(manager.Groups[1].Value, "$1") : message), Printable(Json.Text(cause["field"])));
    }

    private static TimeSpan? RetryAfterOf(HttpResponseMessage response, JsonObject? status, TimeProvider time)
    {
        var wait = response.Headers.RetryAfter switch
        {
            { Delta: { } delta } => delta,
            { Date: { } date } => date - time.GetUtcNow(),
            _ => Json.Number(Json.At(Json.At(status, "details"), "retryAfterSeconds")) is > 0 and var seconds ? TimeSpan.FromSeconds(seconds) : (TimeSpan?)null,
        };
        return wait is { } asked ? TimeSpan.FromTicks(Math.Clamp(asked.Ticks, 0, TimeSpan.TicksPerDay)) : null;
    }

    /// <summary>One line, and not without end: it goes into statuses and logs.</summary>
    private static string Printable(string text)
    {
        var bounded = text.Length > LongestMessage ? string.Concat(text.AsSpan(0, LongestMessage), "…") : text;
        return string.Create(bounded.Length, bounded, static (to, from) =>
        {
            for (var index = 0; index < to.Length; index++)
                to[index] = char.IsControl(from[index]) ? ' ' : from[index];
        });
    }

    [GeneratedRegex(@"^conflict with ""((?:[^""\\]|\\.)*)""")]
    private static partial Regex Manager();

    [GeneratedRegex(@"\\(.)")]
    private static partial Regex Escape();
}
