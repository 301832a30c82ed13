using System.Collections;

namespace Gatehouse.Portal;

/// <summary>Reads the host's settings from <c>GATEHOUSE_…</c> variables, for the host that runs alone.</summary>
internal static class PortalConfiguration
{
    public static PortalHostOptions Read(IDictionary variables)
    {
        var defaults = new PortalHostOptions();
        return new PortalHostOptions
        {
            Url = Url("PORTAL") ?? defaults.Url,
            ApiUrl = Url("API_URL") ?? defaults.ApiUrl,
            DataDirectory = Optional("DATA_DIR") ?? defaults.DataDirectory,
            PublicUrl = Url("PORTAL_PUBLIC_URL"),
            PublicApiUrl = Url("API_PUBLIC_URL"),
        };

        string? Optional(string name) => variables["GATEHOUSE_" + name] as string is { Length: > 0 } value ? value : null;

        string? Url(string name) => Optional(name) switch
        {
            null => null,
            { } url when Uri.TryCreate(url, UriKind.Absolute, out var read) && read.Scheme is "http" or "https" => url,
            _ => throw new InvalidOperationException($"GATEHOUSE_{name} is an http or https URL such as http://127.0.0.1:5080."),
        };
    }
}
