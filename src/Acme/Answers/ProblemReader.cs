using System.Text.Json;

namespace Gatehouse.Acme.Answers;

/// <summary>Problem documents. They explain what went wrong already, so what is wrong with them is left out.</summary>
internal static class ProblemReader
{
    private const int MaxDetail = 1024;
    private const int MaxType = 200;
    private const int MaxSubproblems = 100;

    /// <summary>The problem in an answer's body; null: there is none.</summary>
    public static AcmeProblem? Read(ReadOnlyMemory<byte> body)
    {
        try
        {
            using var document = JsonFields.Parse(body);
            return document.RootElement.TryGetProperty("type", out _) ? Read(document.RootElement) : null;
        }
        catch (AcmeException)
        {
            return null;
        }
    }

    /// <summary>A problem.</summary>
    public static AcmeProblem Read(JsonElement element)
    {
        var parts = element.TryGetProperty("subproblems", out var list) && list.ValueKind is JsonValueKind.Array ? list.EnumerateArray().Take(MaxSubproblems) : [];
        return new AcmeProblem(TypeOf(element), DetailOf(element), [.. parts.Where(part => part.ValueKind is JsonValueKind.Object).Select(Part)])
        {
            Status = element.TryGetProperty("status", out var status) && status.ValueKind is JsonValueKind.Number && status.TryGetInt32(out var number) ? number : null,
            Instance = Uri.TryCreate(TextOf(element, "instance"), UriKind.Absolute, out var instance) && instance.Scheme is "https" or "http" ? instance : null,
        };
    }

    private static AcmeSubproblem Part(JsonElement part)
    {
        var name = part.TryGetProperty("identifier", out var identifier) && identifier.ValueKind is JsonValueKind.Object ? TextOf(identifier, "value") : null;
        return new AcmeSubproblem(name is null ? null : OneLine(name, 253), TypeOf(part), DetailOf(part));
    }

    private static string TypeOf(JsonElement element) =>
        TextOf(element, "type") is { Length: > 0 and <= MaxType } type && type.All(character => char.IsAsciiLetterOrDigit(character) || ":-._/#".Contains(character, StringComparison.Ordinal))
            ? type
            : ProblemTypes.None;

    private static string? DetailOf(JsonElement element) => TextOf(element, "detail") is { Length: > 0 } detail ? OneLine(detail, MaxDetail) : null;

    private static string? TextOf(JsonElement element, string name)
    {
        try
        {
            return element.TryGetProperty(name, out var value) && value.ValueKind is JsonValueKind.String ? value.GetString() : null;
        }
        catch (InvalidOperationException)
        {
            return null;
        }
    }

    private static string OneLine(string text, int most) =>
        string.Concat(text.Take(most).Select(character => char.IsControl(character) || char.IsSurrogate(character) || character is '\u2028' or '\u2029' ? ' ' : character));
}
