using System.Globalization;
using System.Numerics;
using System.Text.RegularExpressions;

namespace Gatehouse.Api.Import.Documents;

/// <summary>
/// What a plain scalar means: the core schema of YAML 1.2 (https://yaml.org/spec/1.2.2/#103-core-schema), so <c>yes</c>, <c>on</c> and
/// <c>12:30</c> are text. A number with a leading zero is text too: YAML 1.1 reads it as octal, YAML 1.2 as decimal, and no field should
/// depend on who reads it.
/// </summary>
internal static partial class CoreSchema
{
    private const int MaxNumber = 64;

    public static ScalarNode Resolve(string text, int line, int column)
    {
        var kind = text switch
        {
            "" or "~" or "null" or "Null" or "NULL" => ScalarKind.Null,
            "true" or "True" or "TRUE" => ScalarKind.True,
            "false" or "False" or "FALSE" => ScalarKind.False,
            _ => ScalarKind.Text,
        };
        return kind == ScalarKind.Text && NumberOf(text) is { } number
            ? new ScalarNode(ScalarKind.Number, number, line, column)
            : new ScalarNode(kind, text, line, column);
    }

    /// <summary>The number as JSON writes it; null: no number.</summary>
    public static string? NumberOf(string text)
    {
        if (text.Length > MaxNumber || !(char.IsAsciiDigit(text[0]) || text[0] is '-' or '+' or '.'))
            return null;
        if (Decimal().IsMatch(text))
            return text.TrimStart('+');
        if (Hexadecimal().IsMatch(text))
            return BigInteger.Parse("0" + text[2..], NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture).ToString(CultureInfo.InvariantCulture);
        if (Octal().IsMatch(text))
            return text[2..].Aggregate(BigInteger.Zero, static (value, digit) => value * 8 + (digit - '0')).ToString(CultureInfo.InvariantCulture);
        return Fraction().Match(text) is { Success: true } match ? Written(match) : null;
    }

    /// <summary>JSON has no plus sign, and wants digits on both sides of the point.</summary>
    private static string Written(Match match)
    {
        var sign = match.Groups["sign"].Value == "-" ? "-" : "";
        var whole = match.Groups["whole"].Value is { Length: > 0 } digits ? digits : "0";
        var fraction = match.Groups["fraction"].Value is { Length: > 0 } rest ? "." + rest : "";
        return sign + whole + fraction + match.Groups["exponent"].Value;
    }

    [GeneratedRegex(@"^[-+]?(0|[1-9][0-9]*)\z", RegexOptions.CultureInvariant | RegexOptions.NonBacktracking)]
    private static partial Regex Decimal();

    [GeneratedRegex(@"^0x[0-9a-fA-F]+\z", RegexOptions.CultureInvariant | RegexOptions.NonBacktracking)]
    private static partial Regex Hexadecimal();

    [GeneratedRegex(@"^0o[0-7]+\z", RegexOptions.CultureInvariant | RegexOptions.NonBacktracking)]
    private static partial Regex Octal();

    [GeneratedRegex(@"^(?<sign>[-+]?)(?=\.?[0-9])(?<whole>(0|[1-9][0-9]*)?)(\.(?<fraction>[0-9]*))?(?<exponent>([eE][-+]?[0-9]+)?)\z", RegexOptions.CultureInvariant)]
    private static partial Regex Fraction();
}
