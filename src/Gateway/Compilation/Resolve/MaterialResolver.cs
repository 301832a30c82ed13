using Gatehouse.Gateway.Resources;

namespace Gatehouse.Gateway.Compilation.Resolve;

/// <summary>Resolves Certificates and ConfigMaps, which reference nothing.</summary>
internal static class MaterialResolver
{
    /// <summary>Key of a bundle of authorities (https://gateway-api.sigs.k8s.io/reference/spec/#backendtlspolicyvalidation, caCertificateRefs).</summary>
    private const string AuthoritiesKey = "ca.crt";

    public static CertificateModel Resolve(Resource<CertificateSpec> resource) =>
        PemCertificates.Read(new CertificateModel { Key = resource.Key, IsManaged = resource.Spec.ManagedFor is not null }, resource.Spec.Certificate ?? "");

    public static ConfigMapModel Resolve(Resource<ConfigMapSpec> resource)
    {
        var model = new ConfigMapModel { Key = resource.Key };
        if (resource.Spec.Data is null || !resource.Spec.Data.TryGetValue(AuthoritiesKey, out var bundle))
            return model with { Problem = $"it has no key {AuthoritiesKey}" };
        var (pem, problem) = PemCertificates.ReadBundle(bundle);
        return model with { CaPem = pem, Problem = problem is null ? null : $"{AuthoritiesKey}: {problem}" };
    }
}
