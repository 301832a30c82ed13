namespace Gatehouse.Portal;

/// <summary>Settings of the portal host.</summary>
public sealed record PortalHostOptions
{
    /// <summary>Where to listen, such as <c>http://127.0.0.1:5081</c>.</summary>
    public string Url { get; init; } = "http://127.0.0.1:5081";

    /// <summary>Base URL of the API, without <c>/api/v1</c>; the portal calls it from the server, never from the browser.</summary>
    public string ApiUrl { get; init; } = "http://127.0.0.1:5080";

    /// <summary>Directory for data-protection keys and open sessions, so that a restart signs nobody out.</summary>
    public string DataDirectory { get; init; } = ".gatehouse";

    /// <summary>URL under which people reach the portal when something in front of it terminates TLS. Null: <see cref="Url"/>.</summary>
    public string? PublicUrl { get; init; }

    /// <summary>URL under which people reach the API, for the commands that the portal shows. Null: <see cref="ApiUrl"/>.</summary>
    public string? PublicApiUrl { get; init; }

    /// <summary>Clock.</summary>
    public TimeProvider Clock { get; init; } = TimeProvider.System;

    /// <summary>Whether browsers come over TLS: cookies are then <c>Secure</c> and carry the <c>__Host-</c> prefix.</summary>
    internal bool IsHttps => new Uri(PublicUrl ?? Url).Scheme == Uri.UriSchemeHttps;

    /// <summary>API URL to show in commands, without a slash at its end.</summary>
    internal string ShownApi => (PublicApiUrl ?? ApiUrl).TrimEnd('/');
}
