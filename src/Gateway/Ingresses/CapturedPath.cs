using System.Globalization;
using System.Text.RegularExpressions;

namespace Gatehouse.Gateway.Ingresses;

/// <summary>
/// A path that is plain text up to a captured rest, which is how prefixes are replaced in ingress-nginx
/// (https://kubernetes.github.io/ingress-nginx/examples/rewrite/).
/// </summary>
internal sealed partial record CapturedPath
{
    /// <summary>The usual ways to capture the rest: which group it is, whether it comes with its slash, and whether only whole path elements match.</summary>
    private static readonly (string Tail, int Group, bool WithSlash, bool ByElement)[] Tails =
    [
        ("(/|$)(.*)", 2, false, true),
        ("(?:/|$)(.*)", 1, false, true),
        ("(/(.*))?", 2, false, false),
        ("(/.*)?", 1, true, false),
        ("(/.*)", 1, true, false),
        ("/?(.*)", 1, false, false),
        ("/(.*)", 1, false, false),
        ("(.*)", 1, true, false),
    ];

    /// <summary>As it was written.</summary>
    public required string Text { get; init; }

    /// <summary>The plain part, without the slash that the rest begins with.</summary>
    public required string Prefix { get; init; }

    /// <summary>Whether PathPrefix takes the same paths.</summary>
    public required bool IsByElement { get; init; }

    private int Group { get; init; }

    private bool WithSlash { get; init; }

    /// <summary>Null: the path is more than text and a rest.</summary>
    public static CapturedPath? Read(string path)
    {
        var text = path.EndsWith(")$", StringComparison.Ordinal) ? path[..^1] : path;
        foreach (var (tail, group, withSlash, byElement) in Tails)
        {
            if (!text.EndsWith(tail, StringComparison.Ordinal))
                continue;
            var prefix = text[..^tail.Length].Replace("\\.", ".", StringComparison.Ordinal).Replace("\\-", "-", StringComparison.Ordinal);
            var isRoot = prefix.Length == 0;
            if (!PlainText().IsMatch(prefix) || (prefix.EndsWith('/') && !isRoot))
                return null;
            return new CapturedPath
            {
                Text = path,
                Prefix = isRoot ? "/" : prefix,
                IsByElement = byElement || isRoot,
                Group = group,
                WithSlash = withSlash,
            };
        }
        return null;
    }

    /// <summary>What the prefix is replaced by; null: the target is more than a text and the captured rest.</summary>
    public string? Replacement(string target)
    {
        var reference = "$" + Group.ToString(CultureInfo.InvariantCulture);
        if (!target.EndsWith(reference, StringComparison.Ordinal))
            return null;
        var text = target[..^reference.Length];
        if (text.Contains('$', StringComparison.Ordinal) || text.Contains('?', StringComparison.Ordinal))
            return null;
        if (WithSlash)
            return text.Length == 0 ? "/" : text;
        return text.EndsWith('/') ? text : null;
    }

    [GeneratedRegex(@"\A(/[-A-Za-z0-9._~!&',;=:@%/]*)?\z", RegexOptions.CultureInvariant)]
    private static partial Regex PlainText();
}
