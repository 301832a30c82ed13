using Gatehouse.Issuance;
using Gatehouse.Persistence.PrivateKeys;
using Gatehouse.ServiceDefaults;

namespace Gatehouse.Api;

/// <summary>Settings of the API host.</summary>
public sealed record ApiHostOptions
{
    /// <summary>Where to listen, such as <c>http://127.0.0.1:5080</c>, several between semicolons; port 0 takes a free one.</summary>
    public string Url { get; init; } = "http://127.0.0.1:5080";

    /// <summary>Connection string of a login with the role <c>app</c>.</summary>
    public required Secret Database { get; init; }

    /// <summary>Connection string of a login with the role <c>compiler</c>.</summary>
    public required Secret CompilerDatabase { get; init; }

    /// <summary>The bootstrap token: platform admin while it is configured. Null: none.</summary>
    public Secret? AdminToken { get; init; }

    /// <summary>Email address of the first user, a platform admin.</summary>
    public string AdminEmail { get; init; } = "admin@gatehouse.local";

    /// <summary>Password of the first user, used only when that user is created. Null: one is generated and written to <c>admin-password</c> in <see cref="DataDirectory"/>.</summary>
    public Secret? AdminPassword { get; init; }

    /// <summary>Names below <c>*.{tenant}.{BaseDomain}</c> need no proof.</summary>
    public string BaseDomain { get; init; } = "apps.localhost";

    /// <summary>Whether a hostname must be proven before it serves.</summary>
    public bool HostnameVerification { get; init; } = true;

    /// <summary>Credential of each data-plane pool, by pool.</summary>
    public IReadOnlyDictionary<string, Secret> DataPlaneCredentials { get; init; } = new Dictionary<string, Secret>();

    /// <summary>PEM file with the certificate and chain that <c>https://</c> URLs of <see cref="Url"/> show. Null: there are none.</summary>
    public string? CertificateFile { get; init; }

    /// <summary>PEM file with its private key.</summary>
    public string? CertificateKeyFile { get; init; }

    /// <summary>KEKs for certificates' private keys; without any no certificate can be stored or served.</summary>
    public KeyRingSource Keys { get; init; } = KeyRingSource.None;

    /// <summary>How names are proven and certificates are had.</summary>
    public IssuanceOptions Issuance { get; init; } = new();

    /// <summary>How long a released name is served to nobody else.</summary>
    public TimeSpan Quarantine { get; init; } = TimeSpan.FromDays(7);

    /// <summary>Directory for what the host keeps; null: nothing is kept.</summary>
    public string? DataDirectory { get; init; }

    /// <summary>Requests per second that one token may make in the long run.</summary>
    public int RequestsPerSecond { get; init; } = 500;

    /// <summary>Requests that one token may make at once.</summary>
    public int RequestBurst { get; init; } = 5_000;

    /// <summary>Clock.</summary>
    public TimeProvider Clock { get; init; } = TimeProvider.System;
}
