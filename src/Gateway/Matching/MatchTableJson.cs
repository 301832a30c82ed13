using System.Text.Json;
using System.Text.Json.Serialization;

namespace Gatehouse.Gateway.Matching;

/// <summary>The one JSON form of match table entries; equal entries give equal bytes.</summary>
public static class MatchTableJson
{
    /// <summary>Grows when the wire form of an entry changes its meaning; a data plane of another version asks for a new snapshot.</summary>
    public const int SchemaVersion = 3;

    /// <summary>camelCase, nulls left out.</summary>
    public static JsonSerializerOptions Options { get; } = new(JsonSerializerDefaults.Web)
    {
        DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
        NumberHandling = JsonNumberHandling.Strict,
    };
}
