using System.Reflection.Metadata;
using System.Reflection.PortableExecutable;
using System.Text.RegularExpressions;
using Xunit;

namespace Gatehouse.Architecture.Tests;

/// <summary>Who may know whom (docs: architecture). An arrow that is missing here is one that nobody may draw.</summary>
public sealed partial class ArrowTests
{
    private static readonly Dictionary<string, string[]> Allowed = new()
    {
        ["Gateway"] = [],
        ["Contracts"] = [],
        ["ServiceDefaults"] = [],
        ["Dns"] = [],
        ["Acme"] = [],
        ["Persistence"] = ["Gateway"],
        ["Control"] = ["Contracts", "Gateway", "Persistence"],
        ["Issuance"] = ["Acme", "Contracts", "Control", "Dns", "Gateway", "Persistence", "ServiceDefaults"],
        ["Api"] = ["Contracts", "Control", "Gateway", "Issuance", "Persistence", "ServiceDefaults"],
        ["Sync"] = ["Contracts", "Control", "Gateway", "Persistence", "ServiceDefaults"],
        ["DataPlane"] = ["Contracts", "Gateway", "ServiceDefaults"],
        ["Portal"] = ["Contracts", "ServiceDefaults"],
        ["Migrations"] = ["Persistence"],
        ["Standalone"] = ["Acme", "Api", "Contracts", "DataPlane", "Dns", "Issuance", "Migrations", "Portal", "ServiceDefaults", "Sync"],
    };

    public static TheoryData<string> Projects => [.. Repository.Projects.Keys.Order(StringComparer.Ordinal)];

    [Theory]
    [MemberData(nameof(Projects))]
    public void Project_AsReferenced_DrawsOnlyAllowedArrows(string project)
    {
        Assert.True(Allowed.ContainsKey(project), $"src/{project} is new: say here whom it may know.");
        Assert.Empty(Repository.Projects[project].Except(Allowed[project]));
    }

    [Theory]
    [InlineData("Yarp.", "DataPlane")]
    [InlineData("Microsoft.EntityFrameworkCore", "Persistence", "Migrations", "Control", "Api", "Issuance", "Standalone")]
    [InlineData("Npgsql", "Persistence", "Migrations", "Control", "Api", "Issuance", "Standalone")]
    [InlineData("Radzen", "Portal")]
    [InlineData("System.CommandLine", "Standalone")]
    [InlineData("YamlDotNet", "Api", "Sync")]
    public void Package_AsCompiled_IsUsedOnlyWhereItBelongs(string package, params string[] owners)
    {
        foreach (var (project, assembly) in BuiltAssemblies().Where(built => !owners.Contains(built.Project)))
            Assert.DoesNotContain(ReferencesOf(assembly), reference => reference.StartsWith(package, StringComparison.Ordinal));
    }

    [Fact]
    public void Gateway_AsCompiled_KnowsNothingButTheBaseLibrary()
    {
        var (_, gateway) = BuiltAssemblies().Single(built => built.Project == "Gateway");

        Assert.All(ReferencesOf(gateway), reference => Assert.StartsWith("System", reference, StringComparison.Ordinal));
        Assert.DoesNotContain("PackageReference", Repository.Read("src/Gateway/Gateway.csproj"), StringComparison.Ordinal);
    }

    [Fact]
    public void Kubernetes_AsNamed_StaysInSync()
    {
        var elsewhere = Repository.Files("src", "*.cs").Where(file => !file.StartsWith("src/Sync/", StringComparison.Ordinal))
            .Where(file => KubernetesType().IsMatch(Repository.Read(file)));

        Assert.Empty(elsewhere);
    }

    [Fact]
    public void Portal_AsWritten_NeverOpensADatabase()
    {
        var pages = Repository.Files("src/Portal", "*.cs", "*.razor").Where(file => Repository.Read(file).Contains("DbContext", StringComparison.Ordinal));

        Assert.Empty(pages);
    }

    private static List<(string Project, string Assembly)> BuiltAssemblies()
    {
        var built = Repository.Projects.Keys
            .Select(project => (Project: project, Assembly: Path.Combine(AppContext.BaseDirectory, $"Gatehouse.{project}.dll")))
            .Where(pair => File.Exists(pair.Assembly)).ToList();
        Assert.Equal(Repository.Projects.Count, built.Count);
        return built;
    }

    private static List<string> ReferencesOf(string assembly)
    {
        using var file = new PEReader(File.OpenRead(assembly));
        var metadata = file.GetMetadataReader();
        return [.. metadata.AssemblyReferences.Select(handle => metadata.GetString(metadata.GetAssemblyReference(handle).Name))];
    }

    [GeneratedRegex(@"\busing k8s\b|\b(class|record|interface) Kube(rnetes)?\w*|coordination\.k8s\.io|apply-patch\+yaml")]
    private static partial Regex KubernetesType();
}
