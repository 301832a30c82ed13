namespace Gatehouse.Portal;

/// <summary>How a portal host is set up.</summary>
/// <param name="Listen">URL that the portal listens on, for example <c>http://127.0.0.1:5081</c>.</param>
/// <param name="Api">Base URL of the REST API, without <c>/api/v1</c>; the portal calls it from the server, never from the browser.</param>
/// <param name="DataDirectory">Where data-protection keys and signed-in sessions are kept, so that a restart signs nobody out.</param>
public sealed record PortalHostOptions(Uri Listen, Uri Api, string DataDirectory)
{
    /// <summary>URL under which people reach the portal when something in front of it terminates TLS; default: <see cref="Listen"/>.</summary>
    public Uri? PublicUrl { get; init; }

    /// <summary>URL under which people reach the API, for the commands that the portal shows; default: <see cref="Api"/>.</summary>
    public Uri? PublicApi { get; init; }

    /// <summary>Whether browsers come over TLS: cookies are then <c>Secure</c> and carry the <c>__Host-</c> prefix.</summary>
    internal bool IsHttps => (PublicUrl ?? Listen).Scheme == Uri.UriSchemeHttps;

    /// <summary>API URL to show in commands, without a slash at its end.</summary>
    internal string ShownApi => (PublicApi ?? Api).GetLeftPart(UriPartial.Path).TrimEnd('/');

    /// <summary>Reads <c>GATEHOUSE_PORTAL</c>, <c>GATEHOUSE_API_URL</c>, <c>GATEHOUSE_DATA_DIR</c>, <c>GATEHOUSE_PORTAL_PUBLIC_URL</c> and <c>GATEHOUSE_API_PUBLIC_URL</c>.</summary>
    /// <exception cref="FormatException">A value is no absolute http or https URL; the message names it.</exception>
    public static PortalHostOptions Read(IConfiguration configuration) => new(
        ReadUrl(configuration, "GATEHOUSE_PORTAL") ?? new Uri("http://127.0.0.1:5081"),
        ReadUrl(configuration, "GATEHOUSE_API_URL") ?? new Uri("http://127.0.0.1:5080"),
        configuration["GATEHOUSE_DATA_DIR"] is { Length: > 0 } directory ? directory : ".gatehouse")
    {
        PublicUrl = ReadUrl(configuration, "GATEHOUSE_PORTAL_PUBLIC_URL"),
        PublicApi = ReadUrl(configuration, "GATEHOUSE_API_PUBLIC_URL"),
    };

    private static Uri? ReadUrl(IConfiguration configuration, string name)
    {
        if (configuration[name] is not { Length: > 0 } text) return null;
        return Uri.TryCreate(text, UriKind.Absolute, out var url) && url.Scheme is "http" or "https"
            ? url
            : throw new FormatException($"{name} is '{text}': it must be an http or https URL such as http://127.0.0.1:5080.");
    }
}
