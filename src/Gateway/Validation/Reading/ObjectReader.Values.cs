using System.Globalization;
using System.Text.Json;

namespace Gatehouse.Gateway.Validation.Reading;

/// <content>Single values.</content>
internal sealed partial class ObjectReader
{
    public string? Text(string name, TextRule rule) =>
        TryTake(name, out var element) ? ReadText(element, location.Then(name), rule) : null;

    public string RequiredText(string name, TextRule rule)
    {
        if (Text(name, rule) is { } text)
            return text;
        if (!IsSet(name))
            ReportMissing(name);
        return "";
    }

    public bool? Flag(string name)
    {
        if (!TryTake(name, out var element))
            return null;
        if (element.ValueKind is JsonValueKind.True or JsonValueKind.False)
            return element.GetBoolean();
        ReportType(location.Then(name), "true or false", element);
        return null;
    }

    public int? Integer(string name, int min, int max) => (int?)LongInteger(name, min, max);

    public long? LongInteger(string name, long min, long max) =>
        TryTake(name, out var element) ? ReadInteger(element, location.Then(name), min, max) : null;

    /// <summary>Zero stands for what is missing or wrong.</summary>
    public int RequiredInteger(string name, int min, int max)
    {
        if (Integer(name, min, max) is { } value)
            return value;
        if (!IsSet(name))
            ReportMissing(name);
        return 0;
    }

    public T? Object<T>(string name, Func<ObjectReader, T> read)
        where T : class => TryTake(name, out var element) ? Read(element, location.Then(name), errors, read) : null;

    public T RequiredObject<T>(string name, Func<ObjectReader, T> read)
        where T : class
    {
        if (Object(name, read) is { } value)
            return value;
        ReportMissing(name);
        return Placeholder(read);
    }

    private string? ReadText(JsonElement element, Location at, TextRule rule)
    {
        if (element.ValueKind != JsonValueKind.String)
        {
            ReportType(at, "a string", element);
            return null;
        }
        if (JsonText.TryGetText(element) is not { } text)
        {
            errors.Add(at, ErrorCodes.InvalidCharacters, SafeText.NotStorable);
            return null;
        }
        if (rule.Check(text) is { } problem)
            errors.Add(at, problem.Code, problem.Message);
        return text;
    }

    /// <summary>Upstream's rules refuse 80.0 and 8e1 as ports, so here no integer has a fraction or exponent.</summary>
    private long? ReadInteger(JsonElement element, Location at, long min, long max)
    {
        if (element.ValueKind != JsonValueKind.Number)
        {
            ReportType(at, "an integer", element);
            return null;
        }
        if (element.TryGetInt64(out var value) && value >= min && value <= max)
            return value;
        var written = element.GetRawText();
        if (written.AsSpan().ContainsAny('.', 'e', 'E'))
            errors.Add(at, ErrorCodes.InvalidType, $"Must be an integer without fraction or exponent, not {SafeText.Quote(written)}.");
        else
            errors.Add(at, ErrorCodes.OutOfRange, string.Create(CultureInfo.InvariantCulture, $"Must be {Range(min, max)}, not {SafeText.Quote(written)}."));
        return null;
    }

    private static string Range(long min, long max) => (min, max) switch
    {
        (long.MinValue, _) => "a 64-bit integer",
        (_, long.MaxValue or int.MaxValue) => $"at least {min}, and at most {max}",
        _ => $"from {min} to {max}",
    };
}
