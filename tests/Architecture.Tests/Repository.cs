using System.Runtime.CompilerServices;
using System.Xml.Linq;

namespace Gatehouse.Architecture.Tests;

/// <summary>The source tree that this assembly was built from.</summary>
internal static class Repository
{
    public static string Root { get; } = FindRoot();

    /// <summary>Projects of src by name, and the projects that each references.</summary>
    public static IReadOnlyDictionary<string, IReadOnlyList<string>> Projects { get; } = Directory
        .EnumerateFiles(Path.Combine(Root, "src"), "*.csproj", SearchOption.AllDirectories)
        .Append(Path.Combine(Root, "migrations", "Migrations.csproj"))
        .ToDictionary(file => Path.GetFileNameWithoutExtension(file), References);

    /// <summary>Paths below the root, without what builds and tools leave.</summary>
    public static IEnumerable<string> Files(string folder, params string[] patterns) => patterns
        .SelectMany(pattern => Directory.EnumerateFiles(Path.Combine(Root, folder), pattern, SearchOption.AllDirectories))
        .Select(file => Path.GetRelativePath(Root, file))
        .Where(file => !file.Split('/').Any(part => part is "bin" or "obj" or "node_modules" or "artifacts"));

    public static string Read(string file) => File.ReadAllText(Path.Combine(Root, file));

    private static IReadOnlyList<string> References(string project) =>
        [.. XDocument.Load(project).Descendants("ProjectReference").Select(reference => Path.GetFileNameWithoutExtension(reference.Attribute("Include")!.Value)).Order(StringComparer.Ordinal)];

    private static string FindRoot([CallerFilePath] string here = "")
    {
        var directory = Path.GetDirectoryName(here)!;
        while (!File.Exists(Path.Combine(directory, "Platform.sln")))
            directory = Path.GetDirectoryName(directory) ?? throw new DirectoryNotFoundException("no Platform.sln above " + here);
        return directory;
    }
}
