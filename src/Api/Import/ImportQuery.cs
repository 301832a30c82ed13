using System.Text.RegularExpressions;
using Gatehouse.Api.Errors;
using Gatehouse.Api.Writes;

namespace Gatehouse.Api.Import;

/// <summary>How an import is meant.</summary>
/// <param name="Source">Name of the set of manifests; its objects are updated and pruned by the same source alone.</param>
/// <param name="Prune">Delete what the source imported before and is absent now.</param>
/// <param name="Strict">All or nothing.</param>
/// <param name="Takeover">Take objects of other sources, and those that were edited by hand.</param>
internal sealed partial record ImportQuery(string Source, bool Prune, bool Strict, bool Takeover)
{
    private const string DefaultSource = "default";

    public static Result<ImportQuery> Read(HttpRequest request)
    {
        var source = request.Query.TryGetValue("source", out var given) && given.ToString() is { Length: > 0 } named ? named : DefaultSource;
        if (!SourceName().IsMatch(source))
            return new InvalidError("?source", "invalid_format", "source has 1 to 63 letters, digits, hyphens, underscores and dots, and begins and ends with a letter or digit.");
        if (!QueryFlag.TryRead(request, "prune", out var prune, out var error)
            || !QueryFlag.TryRead(request, "strict", out var strict, out error)
            || !QueryFlag.TryRead(request, "takeover", out var takeover, out error)
            || !QueryFlag.TryRead(request, "dryRun", out _, out error))
        {
            return error;
        }
        return new ImportQuery(source, prune, strict, takeover);
    }

    [GeneratedRegex(@"^[A-Za-z0-9]([-A-Za-z0-9_.]{0,61}[A-Za-z0-9])?\z", RegexOptions.CultureInvariant)]
    private static partial Regex SourceName();
}
