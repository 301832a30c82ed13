using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using Gatehouse.Gateway.Compilation.Conditions;
using Gatehouse.Gateway.Compilation.Incremental;
using Gatehouse.Gateway.Matching;
using Gatehouse.Gateway.Resources;

namespace Gatehouse.Gateway.Compilation.Resolve;

/// <summary>Compiles Backends.</summary>
internal static class BackendCompiler
{
    private const int DefaultMaxConnections = 256;

    private static readonly TimeSpan DefaultInterval = TimeSpan.FromSeconds(10);
    private static readonly TimeSpan DefaultTimeout = TimeSpan.FromSeconds(2);
    private static readonly TimeSpan DefaultReactivation = TimeSpan.FromSeconds(10);

    public static BackendModel Resolve(Resource<BackendSpec> resource, Reads reads)
    {
        var tls = resource.Spec.Tls;
        var authorities = Authorities.Resolve(resource.Key.Tenant, tls?.CaCertificateRefs, tls?.WellKnownCaCertificates, reads);
        var (certificate, problem) = tls?.ClientCertificateRef is { } reference
            ? CertificateReferences.Certificate(reference, resource.Key, Reasons.InvalidClientCertificateRef, reads)
            : (null, null);
        return new BackendModel
        {
            Key = resource.Key,
            Protocol = resource.Spec.Protocol ?? "http",
            Ports = PortsOf(resource.Spec),
            EndpointPorts = [.. resource.Spec.Endpoints.Select(endpoint => endpoint.Port ?? 0).Distinct().Order()],
            HasOwnTls = tls is not null,
            ClientCertificate = certificate?.Key,
            CaPem = authorities.CaPem,
            Accepted = AcceptedOf(resource.Spec, authorities),
            ResolvedRefs = ResolvedRefsOf(authorities, problem),
        };
    }

    /// <summary>The entry of a Backend at one of its ports.</summary>
    public static BackendEntry Compile(Resource<BackendSpec> resource, BackendModel model, BackendTarget target)
    {
        var spec = resource.Spec;
        return new BackendEntry
        {
            Key = target.Key,
            Tenant = resource.Key.Tenant,
            Kind = resource.Key.Kind,
            Name = resource.Key.Name,
            Protocol = target.Protocol ?? spec.Protocol ?? "http",
            Endpoints = [.. spec.Endpoints
                .Select(endpoint => new EndpointEntry(endpoint.Address, target.Port ?? endpoint.Port ?? 0, endpoint.Weight ?? 1))
                .Where(endpoint => endpoint.Port > 0)],
            LoadBalancing = spec.LoadBalancing ?? "RoundRobin",
            ActiveCheck = ActiveCheckOf(spec.HealthChecks?.Active),
            PassiveCheck = PassiveCheckOf(spec.HealthChecks?.Passive),
            AffinityCookie = spec.Affinity is { } affinity ? affinity.Name ?? CookieOf(resource.Key) : null,
            MaxConnectionsPerEndpoint = spec.Limits?.MaxConnectionsPerEndpoint ?? DefaultMaxConnections,
            // A Backend of protocol https that gRPC is sent to must say that it is TLS.
            Tls = TlsOf(spec.Tls, model) ?? (target.Protocol == "grpc" && spec.Protocol == "https" ? new BackendTlsEntry() : null),
        };
    }

    private static Dictionary<int, int> PortsOf(BackendSpec spec)
    {
        var ports = new Dictionary<int, int>();
        foreach (var (from, to) in spec.Ports ?? new Dictionary<string, int>())
        {
            if (int.TryParse(from, NumberStyles.None, CultureInfo.InvariantCulture, out var port))
                ports[port] = to;
        }
        return ports;
    }

    private static Verdict AcceptedOf(BackendSpec spec, Authorities authorities)
    {
        if (spec.Tls is not { } tls)
            return Verdict.Accepted;
        if ((spec.Protocol ?? "http") is not ("https" or "grpc" or "tls"))
            return Verdict.False(Reasons.Accepted, Reasons.Invalid, $"tls needs protocol https, grpc or tls, not {spec.Protocol ?? "http"}.");
        if (tls.CaCertificateRefs is not { Count: > 0 } && !authorities.Usable)
            return Verdict.False(Reasons.Accepted, Reasons.Invalid, $"tls.wellKnownCACertificates `{tls.WellKnownCaCertificates}` is unknown: use System, or caCertificateRefs.");
        return (tls.SubjectAltNames ?? []).All(BackendTlsIdentities.IsKnown)
            ? Verdict.Accepted
            : Verdict.False(Reasons.Accepted, Reasons.Invalid, "tls.subjectAltNames holds a type that is unknown: use Hostname or URI.");
    }

    // What cannot be verified must not be connected to (https://gateway-api.sigs.k8s.io/reference/spec/#backendtlspolicyvalidation).
    private static Verdict ResolvedRefsOf(Authorities authorities, ReferenceProblem? certificate)
    {
        if (!authorities.ResolvedRefs.IsTrue)
            return Verdict.False(Reasons.ResolvedRefs, authorities.ResolvedRefs.Reason, $"tls.{authorities.ResolvedRefs.Message} Nothing is sent to this Backend.");
        return certificate is null
            ? Verdict.ResolvedRefs
            : Verdict.False(Reasons.ResolvedRefs, certificate.Reason, $"tls.clientCertificateRef: {certificate.Message}. Nothing is sent to this Backend.");
    }

    private static ActiveCheckEntry? ActiveCheckOf(ActiveHealthCheck? check) => check is null
        ? null
        : new ActiveCheckEntry(
            check.Path ?? "/",
            Milliseconds(check.Interval, DefaultInterval),
            Milliseconds(check.Timeout, DefaultTimeout),
            check.UnhealthyThreshold ?? 2,
            check.HealthyThreshold ?? 1);

    private static PassiveCheckEntry? PassiveCheckOf(PassiveHealthCheck? check) =>
        check is null ? null : new PassiveCheckEntry(check.FailurePercent ?? 50, Milliseconds(check.ReactivationPeriod, DefaultReactivation));

    private static long Milliseconds(string? duration, TimeSpan fallback) =>
        (long)(GatewayDuration.TryParse(duration, out var parsed) ? parsed : fallback).TotalMilliseconds;

    // The name tells clients nothing of tenants and backends.
    private static string CookieOf(ResourceKey key) =>
        $"gatehouse-{Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(key.ToString())).AsSpan(0, 6))}";

    private static BackendTlsEntry? TlsOf(BackendTls? tls, BackendModel model) => tls is null
        ? null
        : BackendTlsIdentities.Of(tls.Hostname, tls.SubjectAltNames) with
        {
            CaPem = model.CaPem,
            ClientCertificate = model.ClientCertificate is { } certificate ? CertificateModel.EntryKeyOf(certificate) : null,
        };
}
