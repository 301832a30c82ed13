using System.Runtime.CompilerServices;
using Xunit;

namespace Gatehouse.Api.Tests.Import;

/// <summary>A test that reads what people bring along: GATEHOUSE_SHARED/examples, or ../shared/examples beside the checkout.</summary>
public sealed class ExampleFactAttribute : FactAttribute
{
    public ExampleFactAttribute([CallerFilePath] string here = "")
    {
        if (FileOf("gateway-api.yaml", here) is null)
            Skip = "No examples here: set GATEHOUSE_SHARED to the directory with examples/gateway-api.yaml. Verdicts on what guides to Gateway API show were not checked.";
    }

    /// <summary>Text of an example.</summary>
    public static string Read(string name, [CallerFilePath] string here = "") => File.ReadAllText(FileOf(name, here)!);

    private static string? FileOf(string name, string here)
    {
        var shared = Environment.GetEnvironmentVariable("GATEHOUSE_SHARED") is { Length: > 0 } given ? given : Path.Combine(Path.GetDirectoryName(here)!, "../../../../shared");
        var file = Path.GetFullPath(Path.Combine(shared, "examples", name));
        return File.Exists(file) ? file : null;
    }
}
