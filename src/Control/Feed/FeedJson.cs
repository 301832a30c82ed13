using System.Text.Json;
using System.Text.Json.Serialization;

namespace Gatehouse.Control.Feed;

/// <summary>JSON of feed frames and acknowledgements.</summary>
internal static class FeedJson
{
    /// <summary>camelCase, nulls left out.</summary>
    public static JsonSerializerOptions Options { get; } = new(JsonSerializerDefaults.Web)
    {
        DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
        NumberHandling = JsonNumberHandling.Strict,
    };
}
