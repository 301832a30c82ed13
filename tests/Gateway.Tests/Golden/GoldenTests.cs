using System.Runtime.CompilerServices;
using Gatehouse.Gateway.Compilation;
using Gatehouse.Gateway.Tests.Compilation;
using Xunit;

namespace Gatehouse.Gateway.Tests.Golden;

/// <summary>
/// Each <c>NAME.in.yaml</c> compiles to the match tables and statuses in <c>NAME.out.json</c>; <c>UPDATE_GOLDEN=1</c> rewrites those.
/// Every case is also compiled change by change, forwards and backwards, to the same result.
/// </summary>
public sealed class GoldenTests
{
    private const string Input = ".in.yaml";

    public static TheoryData<string> Cases() =>
        [.. Directory.EnumerateFiles(Here(), "*" + Input).Select(file => Path.GetFileName(file)[..^Input.Length]).Order(StringComparer.Ordinal)];

    [Theory]
    [MemberData(nameof(Cases))]
    public void Compile_GoldenCase_GivesTableAndStatuses(string name)
    {
        var (inputs, options) = TestInputs.Read(File.ReadAllText(Path.Combine(Here(), name + Input)));
        var actual = SnapshotJson.Write(Compiler.Compile(inputs, options));
        var file = Path.Combine(Here(), name + ".out.json");
        if (Environment.GetEnvironmentVariable("UPDATE_GOLDEN") == "1")
            File.WriteAllText(file, actual);
        Assert.Equal(File.Exists(file) ? File.ReadAllText(file) : "", actual);
        Assert.Equal(actual, SnapshotJson.Write(OneByOne(inputs, options)));
        Assert.Equal(actual, SnapshotJson.Write(OneByOne(inputs.Reverse(), options)));
    }

    private static Snapshot OneByOne(IEnumerable<InputChange> inputs, CompilerOptions options)
    {
        var compiler = new IncrementalCompiler(options);
        foreach (var input in inputs)
            compiler.Apply([input]);
        return compiler.Snapshot;
    }

    private static string Here([CallerFilePath] string file = "") => Path.GetDirectoryName(file)!;
}
