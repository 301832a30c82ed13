using System.Runtime.CompilerServices;
using System.Text.Json.Nodes;
using Gatehouse.Gateway.Compilation;
using Gatehouse.Gateway.Projection;
using Gatehouse.Gateway.Tests.Compilation;
using Xunit;

namespace Gatehouse.Gateway.Tests.Projection;

/// <summary>
/// Each <c>NAME.in.yaml</c> becomes the objects and problems in <c>NAME.out.json</c>; <c>UPDATE_GOLDEN=1</c> rewrites those. A first document
/// of kind Capabilities {channel, listenerSets, bundle, addresses, endpointSlices} says what the cluster can do.
/// </summary>
public sealed class ProjectionGoldenTests
{
    private const string Ending = ".in.yaml";

    public static TheoryData<string> Cases() =>
        [.. Directory.EnumerateFiles(Here(), "*" + Ending).Select(file => Path.GetFileName(file)[..^Ending.Length]).Order(StringComparer.Ordinal)];

    [Theory]
    [MemberData(nameof(Cases))]
    public void Project_GoldenCase_GivesObjectsAndProblems(string name)
    {
        var yaml = File.ReadAllText(Path.Combine(Here(), name + Ending));
        var input = InputOf(ref yaml);
        var (inputs, options) = TestInputs.Read(Projections.Bootstrap + "---\n" + yaml);
        var actual = Projections.Write(ClusterProjector.Project(Compiler.Compile(inputs, options).Resolved, input));
        var file = Path.Combine(Here(), name + ".out.json");
        if (Environment.GetEnvironmentVariable("UPDATE_GOLDEN") == "1")
            File.WriteAllText(file, actual);
        Assert.Equal(File.Exists(file) ? File.ReadAllText(file) : "", actual);
        Assert.Equal(actual, OneByOne(inputs, options, input));
        Assert.Equal(actual, OneByOne(inputs.Reverse(), options, input));
    }

    private static string OneByOne(IEnumerable<InputChange> inputs, CompilerOptions options, ProjectionInput input)
    {
        var compiler = new IncrementalCompiler(options);
        foreach (var change in inputs)
            compiler.Apply([change]);
        return Projections.Write(ClusterProjector.Project(compiler.Snapshot.Resolved, input));
    }

    private static ProjectionInput InputOf(ref string yaml)
    {
        if (!yaml.StartsWith("kind: Capabilities", StringComparison.Ordinal))
            return Projections.Input();
        var end = yaml.IndexOf("\n---\n", StringComparison.Ordinal);
        var document = TestInputs.Documents(yaml[..end]).Single();
        yaml = yaml[(end + 5)..];
        var input = Projections.Input((string?)document["channel"] ?? "standard", (bool?)document["listenerSets"] ?? true, (string?)document["bundle"] ?? "v1.6.1");
        var addresses = (document["addresses"] as JsonObject ?? []).ToDictionary(
            static entry => entry.Key, static entry => (IReadOnlyList<string>)[.. entry.Value!.AsArray().Select(static value => (string)value!)]);
        return input with { Addresses = addresses, Capabilities = input.Capabilities with { EndpointSlices = (bool?)document["endpointSlices"] ?? true } };
    }

    private static string Here([CallerFilePath] string file = "") => Path.Combine(Path.GetDirectoryName(file)!, "Golden");
}
