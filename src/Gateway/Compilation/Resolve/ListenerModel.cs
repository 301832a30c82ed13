using System.Text.Json;
using Gatehouse.Gateway.Compilation.Attach;
using Gatehouse.Gateway.Compilation.Conditions;
using Gatehouse.Gateway.Matching;
using Gatehouse.Gateway.Resources;

namespace Gatehouse.Gateway.Compilation.Resolve;

/// <summary>A listener of a Gateway, ListenerSet or Hostname, before conflicts are settled.</summary>
internal sealed record ListenerModel
{
    public required string Id { get; init; }

    /// <summary>The Gateway, ListenerSet or Hostname.</summary>
    public required ResourceKey Source { get; init; }

    public required DateTimeOffset SourceCreatedAt { get; init; }

    /// <summary>Place in its source.</summary>
    public required int Index { get; init; }

    public required GatewayModel Gateway { get; init; }

    public required Listener Spec { get; init; }

    /// <summary>Kinds that may attach.</summary>
    public required IReadOnlyList<RouteGroupKind> SupportedKinds { get; init; }

    public required Verdict Accepted { get; init; }

    public required Verdict ResolvedRefs { get; init; }

    /// <summary>Canonical.</summary>
    public required string Protocol { get; init; }

    /// <summary>Whether connections go through as they are.</summary>
    public bool Passthrough { get; init; }

    /// <summary>Usable certificates, as written.</summary>
    public IReadOnlyList<ResourceKey> Certificates { get; init; } = [];

    /// <summary>Whether the cluster that it runs in issues its certificate.</summary>
    public bool IsIssuedInCluster { get; init; }

    /// <summary>Client certificates; null: none is asked for.</summary>
    public ClientValidationEntry? ClientValidation { get; init; }

    /// <summary>Oldest TLS version that is spoken; null: the default.</summary>
    public string? MinimumTlsVersion { get; init; }

    /// <summary>Strict-Transport-Security of its answers; null: none.</summary>
    public string? Hsts { get; init; }

    /// <summary>Where plain HTTP is redirected to; null: routes decide.</summary>
    public HttpsRedirectEntry? HttpsRedirect { get; init; }

    /// <summary>Whether it ends TLS.</summary>
    public bool Terminates => Protocol == ListenerProtocol.Https || (Protocol == ListenerProtocol.Tls && !Passthrough);

    /// <summary>Whether it has no certificate to end TLS with: it keeps its name and refuses handshakes.</summary>
    public bool IsWithoutCertificate => Terminates && Certificates.Count == 0 && !IsIssuedInCluster;

    /// <summary>Names that it takes; <see cref="HostnameSet.Any"/> if it has none.</summary>
    public string Hostname => Spec.Hostname is { Length: > 0 } hostname ? hostname : HostnameSet.Any;

    public string Tenant => Source.Tenant;

    /// <summary>Whether its address takes it as far as it alone can tell.</summary>
    public bool IsCandidate => Accepted.IsTrue && Gateway.State == GatewayState.Served;

    public bool IsSame(ListenerModel other) =>
        Id == other.Id && Source == other.Source && SourceCreatedAt == other.SourceCreatedAt && Index == other.Index
        && ReferenceEquals(Gateway, other.Gateway) && Accepted.Equals(other.Accepted) && ResolvedRefs.Equals(other.ResolvedRefs)
        && Protocol == other.Protocol && Passthrough == other.Passthrough && Certificates.SequenceEqual(other.Certificates) && IsIssuedInCluster == other.IsIssuedInCluster && Equals(ClientValidation, other.ClientValidation)
        && MinimumTlsVersion == other.MinimumTlsVersion && Hsts == other.Hsts && Equals(HttpsRedirect, other.HttpsRedirect)
        && SupportedKinds.SequenceEqual(other.SupportedKinds)
        && (ReferenceEquals(Spec, other.Spec) || JsonSerializer.Serialize(Spec) == JsonSerializer.Serialize(other.Spec));
}
