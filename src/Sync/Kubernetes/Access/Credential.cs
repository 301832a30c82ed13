using Gatehouse.ServiceDefaults;

namespace Gatehouse.Sync.Kubernetes.Access;

/// <summary>What a request proves itself with. Each one that is fetched is an instance of its own, even if it says the same.</summary>
/// <param name="token">Bearer token; null: none.</param>
/// <param name="certificate">Client certificate; null: none.</param>
internal sealed class Credential(Secret? token, ClientCertificate? certificate)
{
    /// <summary>Bearer token; null: none.</summary>
    public Secret? Token => token;

    /// <summary>Client certificate; null: none.</summary>
    public ClientCertificate? Certificate => certificate;

    /// <summary>Whether another one proves the same.</summary>
    public bool IsSameAs(Credential other) => Equals(token, other.Token) && Equals(certificate, other.Certificate);
}

/// <summary>A client certificate with what follows it, and its key.</summary>
/// <param name="Chain">PEM; the leaf first.</param>
/// <param name="Key">PEM.</param>
internal sealed record ClientCertificate(string Chain, Secret Key);

/// <summary>Where credentials come from.</summary>
internal interface ICredentialSource : IDisposable
{
    /// <summary>The credential to use now.</summary>
    /// <param name="rejected">One that the server refused: another is fetched if there may be one, else the same instance comes back.</param>
    /// <param name="cancellationToken">Ends it.</param>
    /// <exception cref="CredentialException">There is none.</exception>
    ValueTask<Credential> GetAsync(Credential? rejected, CancellationToken cancellationToken);
}

/// <summary>No credential can be had now. The message has no secrets.</summary>
internal sealed class CredentialException(string message, Exception? inner = null) : Exception(message, inner);
