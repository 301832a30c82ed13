using System.Text.Json;
using System.Text.Json.Serialization;

namespace Gatehouse.Gateway.Matching;

/// <summary>Writes an action as <c>{"type": …, fields…}</c> and reads unknown types as <see cref="UnknownAction"/>.</summary>
internal sealed class RuleActionConverter : JsonConverter<RuleAction>
{
    private const string Discriminator = "type";

    public override RuleAction Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options)
    {
        using var document = JsonDocument.ParseValue(ref reader);
        var root = document.RootElement;
        var type = root.GetProperty(Discriminator).GetString() ?? "";
        return type switch
        {
            RequestHeadersAction.TypeName => root.Deserialize<RequestHeadersAction>(options)!,
            ResponseHeadersAction.TypeName => root.Deserialize<ResponseHeadersAction>(options)!,
            RedirectAction.TypeName => root.Deserialize<RedirectAction>(options)!,
            MirrorAction.TypeName => root.Deserialize<MirrorAction>(options)!,
            CorsAction.TypeName => root.Deserialize<CorsAction>(options)!,
            ExternalAuthAction.TypeName => root.Deserialize<ExternalAuthAction>(options)!,
            UrlRewriteAction.TypeName => root.Deserialize<UrlRewriteAction>(options)!,
            _ => new UnknownAction(type),
        };
    }

    public override void Write(Utf8JsonWriter writer, RuleAction value, JsonSerializerOptions options)
    {
        using var document = JsonSerializer.SerializeToDocument(value, value.GetType(), options);
        writer.WriteStartObject();
        writer.WriteString(Discriminator, value.Type);
        foreach (var property in document.RootElement.EnumerateObject())
        {
            if (property.Name != Discriminator)
                property.WriteTo(writer);
        }
        writer.WriteEndObject();
    }
}
