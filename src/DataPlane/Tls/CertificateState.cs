using Gatehouse.Gateway.Matching;
using Gatehouse.ServiceDefaults;

namespace Gatehouse.DataPlane.Tls;

/// <summary>A certificate in force, with the private key that came beside its entry.</summary>
internal sealed class CertificateState(CertificateEntry entry, Secret privateKey)
{
    public CertificateEntry Entry => entry;

    /// <summary>PKCS#8 PEM.</summary>
    public Secret PrivateKey => privateKey;
}
