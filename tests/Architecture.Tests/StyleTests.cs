using System.Text.RegularExpressions;
using Xunit;

namespace Gatehouse.Architecture.Tests;

/// <summary>What the compiler does not enforce of the house style.</summary>
public sealed partial class StyleTests
{
    private const int LongestFile = 400;

    private static readonly string[] BannedFolders =
        ["Controllers", "Services", "Models", "Helpers", "Utils", "Utilities", "Common", "Managers", "Misc", "Extensions", "Interfaces"];

    private static IEnumerable<string> Sources => Repository.Files("src", "*.cs").Concat(Repository.Files("tests", "*.cs"));

    [Fact]
    public void File_InSrcOrTests_IsNotOverlong()
    {
        var overlong = Sources.Where(file => Repository.Read(file).AsSpan().Count('\n') > LongestFile);

        Assert.Empty(overlong);
    }

    [Fact]
    public void Namespace_OfEveryFile_IsItsFolder()
    {
        var strays = Sources.Where(file => DeclaredNamespace().Match(Repository.Read(file)) is { Success: true } match && match.Groups[1].Value != Expected(file));

        Assert.Empty(strays);
    }

    [Fact]
    public void Folder_InSrc_IsNamedAfterAFeature()
    {
        var banned = Repository.Files("src", "*.cs", "*.razor").Where(file => file.Split('/').Intersect(BannedFolders).Any());

        Assert.Empty(banned);
    }

    [Fact]
    public void Text_Anywhere_HoldsNoLeftovers()
    {
        var leftovers = Sources.Concat(Repository.Files("src", "*.razor")).Where(file => !file.EndsWith("/StyleTests.cs", StringComparison.Ordinal))
            .Where(file => Leftover().IsMatch(Repository.Read(file)));

        Assert.Empty(leftovers);
    }

    [Fact]
    public void Class_InSrc_IsSealedStaticAbstractOrPartialPage()
    {
        var open = Repository.Files("src", "*.cs").SelectMany(file => OpenClass().Matches(Repository.Read(file)).Select(match => $"{file}: {match.Value.Trim()}"));

        Assert.Empty(open);
    }

    [Fact]
    public void Code_OutsideTests_NamesNoMediatorMapperOrMockingLibrary()
    {
        var projects = Repository.Files("src", "*.csproj").Concat(Repository.Files("tests", "*.csproj")).Append("Directory.Packages.props")
            .Where(file => BannedPackage().IsMatch(Repository.Read(file)));

        Assert.Empty(projects);
    }

    // src/Api/Routes/RouteMapping.cs → Gatehouse.Api.Routes
    private static string Expected(string file) =>
        string.Join('.', file.Split('/')[1..^1].Prepend("Gatehouse"));

    [GeneratedRegex(@"^namespace ([\w.]+);", RegexOptions.Multiline)]
    private static partial Regex DeclaredNamespace();

    [GeneratedRegex(@"\b(TODO|FIXME|HACK|XXX)\b|NotImplementedException")]
    private static partial Regex Leftover();

    [GeneratedRegex(@"^\s*(public|internal) (partial )?class \w+", RegexOptions.Multiline)]
    private static partial Regex OpenClass();

    [GeneratedRegex("MediatR|AutoMapper|Mapster|\"Moq\"|NSubstitute|FakeItEasy")]
    private static partial Regex BannedPackage();
}
