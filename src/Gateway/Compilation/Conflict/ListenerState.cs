using Gatehouse.Gateway.Compilation.Conditions;
using Gatehouse.Gateway.Compilation.Resolve;
using Gatehouse.Gateway.Matching;
using Gatehouse.Gateway.Resources;

namespace Gatehouse.Gateway.Compilation.Conflict;

/// <summary>A listener with the outcome of its conflicts.</summary>
internal sealed class ListenerState(ListenerModel model)
{
    private readonly int _hash = model.Id.GetHashCode(StringComparison.Ordinal);

    public ListenerModel Model { get; set; } = model;

    /// <summary>Conflicted=True, or null.</summary>
    public Verdict? Conflict { get; set; }

    /// <summary>Whether another listener of its socket takes some of its TLS names.</summary>
    public bool Overlaps { get; set; }

    /// <summary>Certificates that count it as a user, by the pool that it is in.</summary>
    public (string Pool, IReadOnlyList<ResourceKey> Certificates) Used { get; set; } = ("", []);

    /// <summary>Whether it takes requests.</summary>
    public bool Serves => Model.IsCandidate && Conflict is null;

    /// <summary>Whether it takes requests and can answer them.</summary>
    public bool IsProgrammed => Serves && !Model.IsWithoutCertificate;

    /// <summary>The certificates that data planes need for it.</summary>
    public IReadOnlyList<ResourceKey> Needed => !Serves
        ? []
        : Model.Gateway.BackendClientCertificate is { } shown ? [.. Model.Certificates, shown] : Model.Certificates;

    public string Pool => Model.Gateway.Pool;

    public ListenerEntry Entry => new()
    {
        Id = Model.Id,
        Tenant = Model.Tenant,
        Gateway = Model.Gateway.Name,
        Addresses = Model.Gateway.Addresses,
        Port = Model.Spec.Port,
        Protocol = Model.Protocol,
        Hostname = Model.Spec.Hostname,
        Tls = Model.Protocol is ListenerProtocol.Https or ListenerProtocol.Tls ? TlsEntry : null,
        HttpsRedirect = Model.HttpsRedirect,
        Hsts = Model.Hsts,
        BackendClientCertificate = Model.Gateway.BackendClientCertificate is { } certificate ? CertificateModel.EntryKeyOf(certificate) : null,
    };

    private ListenerTlsEntry TlsEntry => new()
    {
        Passthrough = Model.Passthrough,
        Certificates = [.. Model.Certificates.Select(CertificateModel.EntryKeyOf)],
        MinimumVersion = Model.MinimumTlsVersion,
        ClientValidation = Model.ClientValidation,
    };

    public override int GetHashCode() => _hash;

    public override bool Equals(object? obj) => ReferenceEquals(this, obj);
}
