using System.Runtime.CompilerServices;
using System.Text;
using System.Text.RegularExpressions;

namespace Gatehouse.Gateway.Tests.Validation;

/// <summary>Who accepts a spec.</summary>
public enum Verdict
{
    Both,
    Neither,
    OnlyWe,
    OnlyUpstream,
}

/// <summary>One line of a .cases file.</summary>
/// <param name="Kind">Name of the file.</param>
/// <param name="Line">Line number.</param>
/// <param name="Verdict">Who accepts.</param>
/// <param name="Spec">JSON, expanded.</param>
/// <param name="Expected">Our errors as code and end of pointer.</param>
public sealed record CrdCase(string Kind, int Line, Verdict Verdict, string Spec, IReadOnlyList<(string Code, string Pointer)> Expected)
{
    public bool WeAccept => Verdict is Verdict.Both or Verdict.OnlyWe;

    public bool UpstreamAccepts => Verdict is Verdict.Both or Verdict.OnlyUpstream;

    public override string ToString() => $"{Kind}.cases({Line})";
}

/// <summary>Reads Cases/KIND.cases; HTTPRoute.cases explains the form.</summary>
public static partial class CrdCases
{
    public static readonly string[] Kinds =
    [
        "HTTPRoute", "Gateway", "ListenerSet", "GRPCRoute", "TLSRoute", "TCPRoute", "UDPRoute", "BackendTLSPolicy", "ReferenceGrant", "GatewayClass", "Backend", "Hostname",
        "Certificate", "ConfigMap", "Service",
    ];

    public static IEnumerable<CrdCase> Read(string kind)
    {
        var wrapper = "$";
        var number = 0;
        foreach (var line in File.ReadLines(Path.Combine(Folder(), "Cases", $"{kind}.cases")))
        {
            number++;
            if (line.StartsWith('@'))
                wrapper = line[2..];
            else if (line.Length > 0 && line[0] is '+' or '-' or '<' or '>')
                yield return Parse(kind, number, wrapper, line);
        }
    }

    private static CrdCase Parse(string kind, int number, string wrapper, string line)
    {
        var parts = line[2..].Split(" => ");
        var verdict = line[0] switch { '+' => Verdict.Both, '-' => Verdict.Neither, '>' => Verdict.OnlyWe, _ => Verdict.OnlyUpstream };
        var expected = parts.Length == 1 ? [] : ErrorForm().Matches(parts[1]).Select(match => (match.Groups[1].Value, match.Groups[2].Value)).ToList();
        return new(kind, number, verdict, Expand(wrapper.Replace("$", parts[0], StringComparison.Ordinal)), expected);
    }

    private static string Expand(string text) => Repetition().Replace(text, match =>
    {
        var expanded = new StringBuilder();
        var start = match.Groups["start"].Success ? int.Parse(match.Groups["start"].Value) : 0;
        for (var i = 0; i < int.Parse(match.Groups["count"].Value); i++)
        {
            if (i > 0)
                expanded.Append(match.Groups["comma"].Value);
            expanded.Append(match.Groups["text"].Value.Replace("#", (start + i).ToString(), StringComparison.Ordinal));
        }
        return expanded.ToString();
    });

    private static string Folder([CallerFilePath] string path = "") => Path.GetDirectoryName(path)!;

    [GeneratedRegex("«(?<comma>,?)(?<count>[0-9]+)(@(?<start>[0-9]+))?:(?<text>[^»]*)»")]
    private static partial Regex Repetition();

    [GeneratedRegex("([a-z_]+)(?: (/.*?))?(?= [a-z_]+ /|$)")]
    private static partial Regex ErrorForm();
}
