using System.Text.Json;
using Gatehouse.Standalone.Options;
using Gatehouse.Standalone.Up;

namespace Gatehouse.Standalone.Instance;

/// <summary>Where a running instance is reached; `up` leaves it in the data directory for the commands that work with it.</summary>
internal sealed record InstanceDescription
{
    public required Uri Api { get; init; }

    public required Uri Portal { get; init; }

    /// <summary>URL of what is published for listener port 80; null: nothing is.</summary>
    public Uri? Traffic { get; init; }

    public required string BaseDomain { get; init; }

    public static InstanceDescription Of(UpOptions options) => new()
    {
        Api = Ports.FromHere(options.Api),
        Portal = Ports.FromHere(options.Portal),
        Traffic = options.Publish.FirstOrDefault(port => port.Listener == 80) is { } http
            ? Ports.FromHere(new UriBuilder(Uri.UriSchemeHttp, options.Bind, http.Bound).Uri)
            : null,
        BaseDomain = options.BaseDomain,
    };

    public void Write(DataDirectory data) => File.WriteAllBytes(FileIn(data.Path), JsonSerializer.SerializeToUtf8Bytes(this));

    /// <exception cref="StartupFailure">No instance has run in this directory.</exception>
    public static InstanceDescription Read(string dataDirectory)
    {
        var directory = Path.GetFullPath(dataDirectory);
        try
        {
            return JsonSerializer.Deserialize<InstanceDescription>(File.ReadAllBytes(FileIn(directory)))!;
        }
        catch (Exception e) when (e is IOException or JsonException or UnauthorizedAccessException)
        {
            throw new StartupFailure($"no instance has run in {directory}: start one with ./gatehouse up, or name its directory with --data-dir.", e);
        }
    }

    private static string FileIn(string directory) => Path.Combine(directory, "instance.json");
}
