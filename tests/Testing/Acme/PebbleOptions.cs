namespace Gatehouse.Testing.Acme;

/// <summary>How a <see cref="PebbleServer"/> behaves.</summary>
public sealed record PebbleOptions
{
    /// <summary>Percentage of good nonces that are refused as bad.</summary>
    public int BadNonces { get; init; } = 5;

    /// <summary>Percentage of new orders for which a valid authorization is used again.</summary>
    public int AuthorizationReuse { get; init; }

    /// <summary>How many other roots each certificate has a chain to.</summary>
    public int AlternateRoots { get; init; }

    /// <summary>Intermediates of each chain.</summary>
    public int ChainLength { get; init; } = 1;

    /// <summary>Port on which http-01 looks; null: one of pebble-challtestsrv, which answers.</summary>
    public int? HttpPort { get; init; }

    /// <summary>Port on which tls-alpn-01 looks; null: one of pebble-challtestsrv, which answers.</summary>
    public int? TlsPort { get; init; }

    /// <summary>DNS server that pebble asks, for example <c>127.0.0.1:5353</c>; null: pebble-challtestsrv, which answers every A with 127.0.0.1.</summary>
    public string? DnsServer { get; init; }

    /// <summary>External accounts, of which each new account needs one: key identifiers with keys in base64url. Empty: none is needed.</summary>
    public IReadOnlyDictionary<string, string> ExternalAccounts { get; init; } = new Dictionary<string, string>();

    /// <summary>Names, each with all below it, for which nothing is issued.</summary>
    public IReadOnlyList<string> BlockedDomains { get; init; } = [];

    /// <summary>How long certificates are valid.</summary>
    public TimeSpan Validity { get; init; } = TimeSpan.FromDays(90);

    /// <summary>What Retry-After says while an authorization or an order is worked on.</summary>
    public TimeSpan RetryAfter { get; init; } = TimeSpan.FromSeconds(1);

    /// <summary>More of pebble's environment, for example <c>PEBBLE_VA_ALWAYS_VALID</c>.</summary>
    public IReadOnlyDictionary<string, string> Environment { get; init; } = new Dictionary<string, string>();
}
