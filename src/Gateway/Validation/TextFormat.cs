using System.Text.RegularExpressions;

namespace Gatehouse.Gateway.Validation;

/// <summary>Why a text is refused.</summary>
/// <param name="Code">One of <see cref="ErrorCodes"/>.</param>
/// <param name="Message">What to change.</param>
internal readonly record struct TextProblem(string Code, string Message);

/// <summary>Length and form of a text field. Lengths count code points, as JSON schema does.</summary>
internal sealed class TextFormat
{
    private readonly int minLength;
    private readonly int maxLength;
    private readonly Regex? pattern;
    private readonly string expectation;

    /// <param name="minLength">Least length.</param>
    /// <param name="maxLength">Greatest length.</param>
    /// <param name="pattern">A regular expression over the whole text; it runs in linear time whatever the text.</param>
    /// <param name="expectation">Completes "must be …".</param>
    public TextFormat(int minLength, int maxLength, string? pattern = null, string expectation = "")
    {
        this.minLength = minLength;
        this.maxLength = maxLength;
        this.pattern = pattern is null ? null : new Regex(pattern, RegexOptions.NonBacktracking | RegexOptions.CultureInvariant);
        this.expectation = expectation;
    }

    /// <summary>The first thing that is wrong, or null.</summary>
    public TextProblem? Check(string text)
    {
        if (!SafeText.IsStorable(text))
            return new(ErrorCodes.InvalidCharacters, SafeText.NotStorable);
        var length = SafeText.Length(text);
        if (length < minLength)
            return new(ErrorCodes.TooShort, minLength == 1 ? "Must not be empty; leave the field out or write a value." : $"Must have at least {minLength} characters.");
        if (length > maxLength)
            return new(ErrorCodes.TooLong, $"Must have at most {maxLength} characters; it has {length}.");
        return pattern is null || pattern.IsMatch(text)
            ? null
            : new(ErrorCodes.InvalidFormat, $"{SafeText.Quote(text)} must be {expectation}.");
    }
}
