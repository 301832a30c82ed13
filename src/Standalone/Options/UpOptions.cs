using Gatehouse.ServiceDefaults;

namespace Gatehouse.Standalone.Options;

/// <summary>What `./gatehouse up` was told.</summary>
internal sealed record UpOptions
{
    /// <summary>Where everything lies that survives a restart.</summary>
    public required string DataDirectory { get; init; }

    /// <summary>Connection string of an owner in a Postgres of the user's own; null: the embedded one.</summary>
    public Secret? Database { get; init; }

    public required Uri Api { get; init; }

    public required Uri Portal { get; init; }

    /// <summary>Listener ports and the ports that are bound for them.</summary>
    public required IReadOnlyList<PublishedPort> Publish { get; init; }

    /// <summary>Address that Gateways without addresses of their own are bound to.</summary>
    public required string Bind { get; init; }

    /// <summary>The bootstrap token; null: the one that was drawn at the first start.</summary>
    public Secret? AdminToken { get; init; }

    public required string BaseDomain { get; init; }

    public required bool HostnameVerification { get; init; }

    /// <summary>File with key-encryption keys; null: the one in the data directory, unless <see cref="Kek"/> is given.</summary>
    public string? KekFile { get; init; }

    /// <summary>Key-encryption keys themselves.</summary>
    public Secret? Kek { get; init; }

    /// <summary>Settings file for names and certificates; null: names are looked up with the machine's resolvers, and no certificates are managed.</summary>
    public string? IssuanceFile { get; init; }

    /// <summary>Whether TLS clients that ask for a name that nobody serves get a certificate of nobody, and 421, instead of an alert.</summary>
    public required bool NeutralCertificate { get; init; }

    /// <summary>Ranges outside the public internet that backends may lie in.</summary>
    public required IReadOnlyList<string> BackendAllow { get; init; }
}
