using System.Buffers;
using System.Text.RegularExpressions;
using Gatehouse.Gateway.Ingresses.Annotations;
using Gatehouse.Gateway.Matching;
using Gatehouse.Gateway.Resources;
using Gatehouse.Gateway.Validation.Kinds;
using Gatehouse.Gateway.Validation.Reading;

namespace Gatehouse.Gateway.Ingresses;

/// <summary>A path's match, and what is done to the path on the way to the backend.</summary>
/// <param name="Match">Match.</param>
/// <param name="Rewrite">Rewrite; null: none.</param>
internal sealed record TranslatedPath(HttpPathMatch Match, HttpPathModifier? Rewrite);

/// <summary>
/// Translates the paths of an Ingress. Once any Ingress of a host uses a regular expression or a rewrite, ingress-nginx matches every path of the
/// host as a case-insensitive expression that need not reach the end (https://kubernetes.github.io/ingress-nginx/user-guide/ingress-path-matching/).
/// </summary>
/// <param name="ingress">The Ingress.</param>
/// <param name="regexHost">Whether the host is one of those.</param>
/// <param name="outcome">Takes what becomes of the annotations.</param>
internal sealed partial class PathTranslation(Ingress ingress, bool regexHost, RewriteOutcome outcome)
{
    private const string ByElement = "Paths are matched by element and case here; ingress-nginx ignores case and matches the beginning of the text on a host with expressions or rewrites.";

    private static readonly SearchValues<char> Special = SearchValues.Create("()[]{}*+?|^$\\");

    /// <summary>Null: it cannot be translated, and the notes say why.</summary>
    public TranslatedPath? Translate(IngressPath path, string pointer)
    {
        var target = Target(path);
        if (regexHost && IsExpression(path.Path))
            return CapturedPath.Read(path.Path) is { } captured ? Captured(captured, target) : Expression(path.Path, target);
        if (regexHost)
            outcome.Differ(ByElement);
        else if (ingress.IsOfOtherController && path.Type == "ImplementationSpecific")
            return OfOtherController(path, pointer);
        else if (path.Type == "ImplementationSpecific" && !path.Path.EndsWith('/'))
            ingress.Notes.Differ(pointer + "/pathType", $"Paths are matched by element: {SafeText.Quote(path.Path)} takes what lies below it, and not what merely begins with the same text as it does in ingress-nginx.");
        var match = new HttpPathMatch { Type = path.Type == "Exact" ? PathRules.Exact : PathRules.Prefix, Value = path.Path };
        if (target is null)
            return new TranslatedPath(match, null);
        // Nothing is captured, so references to captured parts are empty.
        return Whole(match, Reference().Replace(target, ""));
    }

    private TranslatedPath OfOtherController(IngressPath path, string pointer)
    {
        var prefix = path.Path.EndsWith("/*", StringComparison.Ordinal) ? path.Path[..^2] : path.Path;
        ingress.Notes.Differ(pointer + "/pathType", $"Only its controller knows what it means; {SafeText.Quote(path.Path)} is taken as a prefix of path elements.");
        return new TranslatedPath(new HttpPathMatch { Type = PathRules.Prefix, Value = prefix.Length == 0 ? "/" : prefix }, null);
    }

    /// <summary>A target that is the path itself changes nothing.</summary>
    private string? Target(IngressPath path) => ingress.Settings.RewriteTarget is { } target && target != path.Path ? target : null;

    private TranslatedPath? Captured(CapturedPath path, string? target)
    {
        if (!path.IsByElement)
            outcome.Differ($"{SafeText.Quote(path.Prefix)} takes itself and what lies below it, by element and case; {SafeText.Quote(path.Text)} takes a little more or less.");
        else if (path.Prefix != "/")
            outcome.Differ("Paths are matched with their case, which ingress-nginx ignores.");
        var match = new HttpPathMatch { Type = PathRules.Prefix, Value = path.Prefix };
        if (target is null)
            return new TranslatedPath(match, null);
        if (!target.Contains('$', StringComparison.Ordinal))
            return Whole(match, target);
        if (path.Replacement(target) is not { } replacement)
        {
            outcome.Block($"{SafeText.Quote(target)} puts captured parts of {SafeText.Quote(path.Text)} together in a way that no URLRewrite can. What can be said: path '/old(/|$)(.*)' with target '/new/$2', which replaces the prefix. Let the backend serve the path as it is otherwise.");
            return null;
        }
        if (path.Prefix != "/" && replacement.Length > 1 && replacement.EndsWith('/'))
            outcome.Differ($"{SafeText.Quote(path.Prefix)} itself becomes {SafeText.Quote(replacement.TrimEnd('/'))}, there {SafeText.Quote(replacement)}.");
        outcome.Say($"URLRewrite replaces the prefix {SafeText.Quote(path.Prefix)} by {SafeText.Quote(replacement)}.");
        return new TranslatedPath(match, new HttpPathModifier { Type = PathRules.ReplacePrefixMatch, ReplacePrefixMatch = replacement });
    }

    private TranslatedPath? Expression(string path, string? target)
    {
        var anchored = path.EndsWith('$') && !path.EndsWith("\\$", StringComparison.Ordinal);
        var text = anchored ? path[..^1] : path;
        var open = anchored || text.EndsWith(".*", StringComparison.Ordinal) || text.EndsWith("(.*)", StringComparison.Ordinal) ? "" : ".*";
        var expression = text.Contains('|', StringComparison.Ordinal) ? $"(?i)(?:{text}){open}" : $"(?i){text}{open}";
        if (TenantRegex.TryCreate(expression, out var error) is null)
        {
            outcome.Block($"{SafeText.Quote(path)} cannot be used as a regular expression: {error}. Write one of at most {TenantRegex.MaxLength} characters without look-around and back-references.");
            return null;
        }
        outcome.Differ("Expressions are asked after all exact and prefix paths of the host, in the order of their length within an Ingress; ingress-nginx asks the longest path first, whatever its kind.");
        var match = new HttpPathMatch { Type = PathRules.RegularExpression, Value = expression };
        if (target is null)
            return new TranslatedPath(match, null);
        if (!target.Contains('$', StringComparison.Ordinal))
            return Whole(match, target);
        outcome.Block($"{SafeText.Quote(target)} names captured parts of {SafeText.Quote(path)}, which no URLRewrite can put together. What can be said: path '/old(/|$)(.*)' with target '/new/$2', which replaces the prefix.");
        return null;
    }

    private TranslatedPath? Whole(HttpPathMatch match, string target)
    {
        if (target.Contains('?', StringComparison.Ordinal))
        {
            outcome.Block($"{SafeText.Quote(target)} sets a query, which no URLRewrite can: let the backend do without, or take it from a header that RequestHeaderModifier sets.");
            return null;
        }
        var full = target.Length == 0 ? "/" : target;
        outcome.Say($"Every path that matches becomes {SafeText.Quote(full)} as a whole, as in ingress-nginx; to replace only the beginning write '{RewriteAnnotations.Target}: /$2' with the path '/old(/|$)(.*)'.");
        return new TranslatedPath(match, new HttpPathModifier { Type = PathRules.ReplaceFullPath, ReplaceFullPath = full });
    }

    /// <summary>A dot alone is a character of file names.</summary>
    private static bool IsExpression(string path) => path.AsSpan().ContainsAny(Special);

    [GeneratedRegex(@"\$[0-9]", RegexOptions.CultureInvariant)]
    private static partial Regex Reference();
}
