using System.Text.RegularExpressions;
using Gatehouse.Gateway.Resources;
using Gatehouse.Gateway.Validation.Reading;

namespace Gatehouse.Gateway.Validation.Kinds;

/// <summary>Paths of matches and their replacements (https://gateway-api.sigs.k8s.io/reference/spec/#httppathmatch, #httppathmodifier).</summary>
internal static class PathRules
{
    public const string Characters = "(?:[-A-Za-z0-9/._~!$&'()*+,;=:@]|%[0-9a-fA-F]{2})+";
    public const string Exact = "Exact";
    public const string Prefix = "PathPrefix";
    public const string RegularExpression = "RegularExpression";
    public const string ReplaceFullPath = "ReplaceFullPath";
    public const string ReplacePrefixMatch = "ReplacePrefixMatch";

    private static readonly TextChoice MatchTypes = new(Exact, Prefix, RegularExpression);
    private static readonly TextChoice ModifierTypes = new(ReplaceFullPath, ReplacePrefixMatch);
    private static readonly TextFormat Value = new(0, 1024);
    private static readonly Regex ValidCharacters = new($@"\A{Characters}\z", RegexOptions.NonBacktracking | RegexOptions.CultureInvariant);
    private static readonly string[] Forbidden = ["//", "/./", "/../", "%2f", "%2F", "#"];
    private static readonly string[] ForbiddenEnds = ["/..", "/."];

    public static HttpPathMatch ReadMatch(ObjectReader path)
    {
        var match = new HttpPathMatch { Type = path.Text("type", MatchTypes), Value = path.Text("value", Value) };
        if ((match.Type ?? Prefix) is Exact or Prefix && match.Value is { } value && Problem(value) is { } problem)
            path.Report(ErrorCodes.InvalidPath, problem, "value");
        return match;
    }

    public static HttpPathModifier ReadModifier(ObjectReader path)
    {
        var modifier = new HttpPathModifier
        {
            Type = path.RequiredText("type", ModifierTypes),
            ReplaceFullPath = path.Text("replaceFullPath", Value),
            ReplacePrefixMatch = path.Text("replacePrefixMatch", Value),
        };
        if (!ModifierTypes.Contains(modifier.Type))
            return modifier;
        path.RequirePayload("type", modifier.Type, ReplaceFullPath, "replaceFullPath");
        path.RequirePayload("type", modifier.Type, ReplacePrefixMatch, "replacePrefixMatch");
        return modifier;
    }

    /// <summary>What makes a literal path unusable, or null.</summary>
    private static string? Problem(string path)
    {
        if (!path.StartsWith('/'))
            return $"{SafeText.Quote(path)} must start with '/'.";
        if (Forbidden.FirstOrDefault(part => path.Contains(part, StringComparison.Ordinal)) is { } part)
            return $"{SafeText.Quote(path)} must not contain '{part}'.";
        if (ForbiddenEnds.FirstOrDefault(end => path.EndsWith(end, StringComparison.Ordinal)) is { } end)
            return $"{SafeText.Quote(path)} must not end with '{end}'.";
        return ValidCharacters.IsMatch(path)
            ? null
            : $"{SafeText.Quote(path)} may only have letters, digits and -/._~!$&'()*+,;=:@; write everything else as %HH.";
    }
}
