using System.Text.RegularExpressions;

namespace Gatehouse.Gateway.Validation.Reading;

/// <summary>Why a value is refused.</summary>
/// <param name="Code">One of <see cref="ErrorCodes"/>.</param>
/// <param name="Message">What to change.</param>
internal readonly record struct Problem(string Code, string Message);

/// <summary>What a text field takes.</summary>
internal abstract class TextRule
{
    /// <summary>The first thing that is wrong with a text, or null.</summary>
    public Problem? Check(string text) =>
        SafeText.IsStorable(text) ? CheckStorable(text) : new(ErrorCodes.InvalidCharacters, SafeText.NotStorable);

    protected abstract Problem? CheckStorable(string text);
}

/// <summary>Length and form. Lengths count code points, as JSON schema does.</summary>
/// <param name="minLength">Least length.</param>
/// <param name="maxLength">Greatest length.</param>
/// <param name="pattern">A regular expression over the whole text; it runs in linear time whatever the text.</param>
/// <param name="expectation">Completes "must be …".</param>
internal sealed class TextFormat(int minLength, int maxLength, string? pattern = null, string expectation = "") : TextRule
{
    /// <summary>Any text that can be stored.</summary>
    public static readonly TextFormat Any = new(0, int.MaxValue);

    private readonly Regex? regex = pattern is null ? null : new(pattern, RegexOptions.NonBacktracking | RegexOptions.CultureInvariant);

    protected override Problem? CheckStorable(string text)
    {
        var length = SafeText.Length(text);
        if (length < minLength)
            return new(ErrorCodes.TooShort, minLength == 1 ? "Must not be empty: write a value." : $"Must have at least {minLength} characters.");
        if (length > maxLength)
            return new(ErrorCodes.TooLong, $"Must have at most {maxLength} characters; it has {length}.");
        return regex is null || regex.IsMatch(text) ? null : new(ErrorCodes.InvalidFormat, $"{SafeText.Quote(text)} must be {expectation}.");
    }
}

/// <summary>One of a few values, case-sensitive.</summary>
internal sealed class TextChoice(params string[] values) : TextRule
{
    public bool Contains(string? text) => text is not null && Array.IndexOf(values, text) >= 0;

    protected override Problem? CheckStorable(string text) => Contains(text)
        ? null
        : new(ErrorCodes.UnsupportedValue, $"{SafeText.Quote(text)} must be {(values.Length == 1 ? "" : "one of ")}{string.Join(", ", values)}.");
}

/// <summary>Text that another parser decides on; <paramref name="isValid"/> sees at most <paramref name="maxLength"/> characters.</summary>
internal sealed class ParsedText(int maxLength, Func<string, bool> isValid, string expectation) : TextRule
{
    protected override Problem? CheckStorable(string text)
    {
        if (text.Length > maxLength)
            return new(ErrorCodes.TooLong, $"Must have at most {maxLength} characters; it has {text.Length}.");
        return isValid(text) ? null : new(ErrorCodes.InvalidFormat, $"{SafeText.Quote(text)} must be {expectation}.");
    }
}
