using Gatehouse.ServiceDefaults;

namespace Gatehouse.Sync.Kubernetes.Access;

/// <summary>A text that is given, or that lies in a file which others may replace.</summary>
internal sealed class TextSource
{
    private const long Longest = 1 << 20;

    private readonly Secret? _text;
    private readonly string? _file;
    private readonly string? _place;

    private TextSource(Secret? text, string? file, string? place) => (_text, _file, _place) = (text, file, place);

    /// <summary>Whether it may change.</summary>
    public bool IsFile => _file is not null;

    /// <summary>A given text.</summary>
    public static TextSource? Inline(string text) => Secret.OfNullable(text) is { } secret ? new TextSource(secret, null, null) : null;

    /// <summary>A file.</summary>
    /// <param name="path">Path.</param>
    /// <param name="place">What names it, for messages.</param>
    public static TextSource File(string path, string place) => new(null, path, place);

    /// <summary>The text as it is now, never empty.</summary>
    /// <exception cref="CredentialException">The file cannot be read.</exception>
    public async ValueTask<string> ReadAsync(CancellationToken cancellationToken)
    {
        if (_text is not null)
            return _text.Reveal();
        try
        {
            if (new FileInfo(_file!).Length is 0 or > Longest)
                throw new CredentialException($"{_file}, which {_place} names, is empty or too big.");
            return await System.IO.File.ReadAllTextAsync(_file!, cancellationToken);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            throw new CredentialException($"{_place} names a file that cannot be read: {exception.Message}", exception);
        }
    }
}
