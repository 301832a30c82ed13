using Gatehouse.Acme.Answers;

namespace Gatehouse.Acme.Transport;

/// <summary>Where an authority may send us: to https, or within this machine where its directory lies there without TLS.</summary>
internal sealed class UrlRules
{
    private const int MaxLength = 2048;

    private readonly bool _plain;

    /// <summary>The rules of an authority.</summary>
    /// <param name="directory">Its directory.</param>
    public UrlRules(Uri directory)
    {
        ArgumentNullException.ThrowIfNull(directory);
        _plain = IsPlainLoopback(directory);
        if (!IsAllowed(directory))
            throw new ArgumentException("The address of an ACME directory starts with https://, or with http:// on a loopback address.", nameof(directory));
    }

    /// <summary>An address that an answer holds.</summary>
    /// <param name="text">The address.</param>
    /// <param name="field">Where it stands.</param>
    /// <param name="relativeTo">What a relative one is relative to; null: it must be absolute.</param>
    public Uri Check(string text, string field, Uri? relativeTo = null)
    {
        var isUrl = relativeTo is null
            ? Uri.TryCreate(text, UriKind.Absolute, out var url)
            : Uri.TryCreate(relativeTo, text, out url);
        return isUrl && text.Length <= MaxLength && IsAllowed(url!) ? url! : throw JsonFields.Invalid($"{field} is not an address that is allowed");
    }

    /// <summary>Whether an address may be asked.</summary>
    public bool IsAllowed(Uri url) => url.IsAbsoluteUri && url.UserInfo.Length == 0 && (url.Scheme == Uri.UriSchemeHttps || (_plain && IsPlainLoopback(url)));

    private static bool IsPlainLoopback(Uri url) => url.IsAbsoluteUri && url.Scheme == Uri.UriSchemeHttp && url.IsLoopback;
}
