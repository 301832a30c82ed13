using System.Net.Security;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using Gatehouse.Gateway.Matching;

namespace Gatehouse.DataPlane.Tls;

/// <summary>Validates client certificates against a listener's own authorities, never the system's (https://gateway-api.sigs.k8s.io/reference/spec/#frontendtlsvalidation).</summary>
internal sealed partial class ClientValidation(ILogger<ClientValidation> log)
{
    /// <summary>Makes a handshake ask for a certificate and judge it.</summary>
    public void Ask(SslServerAuthenticationOptions options, ClientValidationEntry validation)
    {
        var (roots, others) = Authorities(validation.CaPem);
        var policy = new X509ChainPolicy
        {
            TrustMode = X509ChainTrustMode.CustomRootTrust,
            RevocationMode = X509RevocationMode.NoCheck,
            // Also where any certificate is taken: its own words must not make the gateway fetch something.
            DisableCertificateDownloads = true,
        };
        policy.CustomTrustStore.AddRange(roots);
        policy.ExtraStore.AddRange(others);
        policy.ApplicationPolicy.Add(new Oid("1.3.6.1.5.5.7.3.2", "Client authentication"));
        options.ClientCertificateRequired = true;
        options.CertificateChainPolicy = policy;
        // A resumed session is not asked again, and loses the client's intermediates.
        options.AllowTlsResume = false;
        var hasAuthority = roots.Count > 0;
        options.RemoteCertificateValidationCallback = (_, _, _, errors) => validation.AllowInvalid || (hasAuthority && errors == SslPolicyErrors.None);
    }

    // A bundle with an intermediate alone vouches for nobody: only what has signed itself is a root.
    private (X509Certificate2Collection Roots, X509Certificate2Collection Others) Authorities(string pem)
    {
        var all = new X509Certificate2Collection();
        try
        {
            all.ImportFromPem(pem);
        }
        catch (CryptographicException failure)
        {
            Log.Unreadable(log, failure.Message);
        }
        var (roots, others) = (new X509Certificate2Collection(), new X509Certificate2Collection());
        foreach (var certificate in all)
            (certificate.SubjectName.RawData.AsSpan().SequenceEqual(certificate.IssuerName.RawData) ? roots : others).Add(certificate);
        return (roots, others);
    }

    private static partial class Log
    {
        [LoggerMessage(Level = LogLevel.Warning, Message = "Authorities for client certificates cannot be read, so that no client certificate is valid: {Reason}")]
        public static partial void Unreadable(ILogger logger, string reason);
    }
}
