using System.Text;

namespace Gatehouse.Standalone.Manifests;

/// <summary>Reads the files of an import as one text.</summary>
internal static class ManifestFiles
{
    private static readonly string[] Extensions = [".yaml", ".yml", ".json"];

    /// <summary>All files, directories taken apart, as one YAML text; a single JSON file as JSON.</summary>
    /// <exception cref="StartupFailure">A file cannot be read.</exception>
    public static async Task<(byte[] Text, bool Json)> ReadAsync(IReadOnlyList<string> files, CancellationToken cancellationToken)
    {
        var all = files.SelectMany(Expand).ToList();
        if (all.Count == 0)
            throw new StartupFailure($"no file ends with {string.Join(", ", Extensions)} in {string.Join(", ", files)}.");
        using var text = new MemoryStream();
        foreach (var file in all)
        {
            if (text.Length > 0)
                text.Write("\n---\n"u8);
            await CopyAsync(file, text, cancellationToken).ConfigureAwait(false);
        }
        return (text.ToArray(), all is [var only] && IsJson(only, text));
    }

    private static IEnumerable<string> Expand(string file)
    {
        if (file == "-" || !Directory.Exists(file))
            return [file];
        return Directory.EnumerateFiles(file).Where(static entry => Extensions.Contains(Path.GetExtension(entry), StringComparer.OrdinalIgnoreCase)).Order(StringComparer.Ordinal);
    }

    private static async Task CopyAsync(string file, Stream text, CancellationToken cancellationToken)
    {
        try
        {
            await using var input = file == "-" ? Console.OpenStandardInput() : File.OpenRead(file);
            await input.CopyToAsync(text, cancellationToken).ConfigureAwait(false);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new StartupFailure($"{file} cannot be read: {e.Message}", e);
        }
    }

    private static bool IsJson(string file, MemoryStream text) =>
        Path.GetExtension(file).Equals(".json", StringComparison.OrdinalIgnoreCase)
        || (file == "-" && Encoding.UTF8.GetString(text.GetBuffer(), 0, (int)Math.Min(text.Length, 64)).TrimStart().StartsWith("{\"", StringComparison.Ordinal));
}
