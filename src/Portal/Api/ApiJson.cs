using System.Text.Json;
using System.Text.Json.Serialization;

namespace Gatehouse.Portal.Api;

/// <summary>The API's JSON: camelCase, and fields that a newer API adds are no error.</summary>
internal static class ApiJson
{
    public static JsonSerializerOptions Options { get; } = new(JsonSerializerDefaults.Web)
    {
        DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
        NumberHandling = JsonNumberHandling.Strict,
    };
}
