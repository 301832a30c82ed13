using System.Runtime.CompilerServices;
using Gatehouse.Gateway.Ingresses;
using Xunit;

namespace Gatehouse.Gateway.Tests.Ingresses;

/// <summary>Each <c>NAME.in.yaml</c> gives the verdicts and objects in <c>NAME.out.json</c>; <c>UPDATE_GOLDEN=1</c> rewrites those.</summary>
public sealed class IngressGoldenTests
{
    private const string Input = ".in.yaml";

    public static TheoryData<string> Cases() =>
        [.. Directory.EnumerateFiles(Here(), "*" + Input).Select(file => Path.GetFileName(file)[..^Input.Length]).Order(StringComparer.Ordinal)];

    [Theory]
    [MemberData(nameof(Cases))]
    public void Translate_GoldenCase_GivesVerdictsAndObjects(string name)
    {
        var set = Assert.Single(IngressDocuments.Read(File.ReadAllText(Path.Combine(Here(), name + Input)))).Value;

        var outcomes = IngressTranslator.Translate("shop", set);

        var actual = IngressDocuments.Write(outcomes);
        var file = Path.Combine(Here(), name + ".out.json");
        if (Environment.GetEnvironmentVariable("UPDATE_GOLDEN") == "1")
            File.WriteAllText(file, actual);
        Assert.Equal(File.Exists(file) ? File.ReadAllText(file) : "", actual);
        Assert.Equal(actual, IngressDocuments.Write(IngressTranslator.Translate("shop", set with { Ingresses = [.. set.Ingresses.Reverse()] })));
        Assert.All(outcomes, AssertComplete);
    }

    /// <summary>Never silence: one verdict for each annotation; and nothing of what is refused is stored.</summary>
    internal static void AssertComplete(IngressOutcome outcome)
    {
        const string Annotations = "/metadata/annotations/";
        var judged = outcome.Remarks.Where(remark => remark.Pointer.StartsWith(Annotations, StringComparison.Ordinal)).Select(remark => remark.Pointer[Annotations.Length..].Replace("~1", "/", StringComparison.Ordinal));
        Assert.Equal(outcome.Ingress.Annotations.Keys.Order(StringComparer.Ordinal), judged.Order(StringComparer.Ordinal));
        Assert.All(outcome.Remarks, remark => Assert.InRange(remark.Message.Length, 10, 600));
        Assert.True(outcome.Verdict != IngressVerdict.Refused || outcome.Products.Count == 0);
    }

    private static string Here([CallerFilePath] string file = "") => Path.GetDirectoryName(file)!;
}
