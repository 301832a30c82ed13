using System.Text.Json;
using System.Text.Json.Serialization;

namespace Gatehouse.Control.Clusters;

/// <summary>JSON of reports and shards as they are stored.</summary>
internal static class ClusterJson
{
    /// <summary>camelCase, nulls left out.</summary>
    public static JsonSerializerOptions Options { get; } = new(JsonSerializerDefaults.Web)
    {
        DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
        NumberHandling = JsonNumberHandling.Strict,
    };
}
