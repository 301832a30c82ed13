using System.Collections.Concurrent;
using Gatehouse.Persistence.PrivateKeys;

namespace Gatehouse.Control.PrivateKeys;

/// <summary>Certificates whose stored private key does not decrypt, as far as this process has looked.</summary>
public sealed class PrivateKeyFaults
{
    private readonly ConcurrentDictionary<string, string> _faults = new(StringComparer.Ordinal);

    /// <summary>Notes what is wrong.</summary>
    /// <param name="certificate"><c>tenant/name</c>.</param>
    /// <param name="failure">What is wrong.</param>
    public void Note(string certificate, UnreadableKeyException failure)
    {
        ArgumentNullException.ThrowIfNull(failure);
        _faults[certificate] = failure.IsMissing
            ? $"The stored private key cannot be decrypted: {failure.Message}. A platform admin must configure it again, or upload the certificate anew with its private key."
            : $"The stored private key cannot be decrypted: {failure.Message}. Upload the certificate anew with its private key.";
    }

    /// <summary>Notes that the private key that is stored is another certificate's.</summary>
    /// <param name="certificate"><c>tenant/name</c>.</param>
    public void NoteOther(string certificate) =>
        _faults[certificate] = "The stored private key belongs to another certificate: upload the certificate anew with its private key.";

    /// <summary>Notes that there is no private key: an import brought the certificate without one.</summary>
    /// <param name="certificate"><c>tenant/name</c>.</param>
    public void NoteMissing(string certificate) => _faults[certificate] = "It has no private key: upload the certificate with its private key.";

    /// <summary>All is well again, or the certificate is gone.</summary>
    public void Clear(string certificate) => _faults.TryRemove(certificate, out _);

    /// <summary>Notes what is wrong with a Cluster's kubeconfig.</summary>
    /// <param name="cluster">Name of the Cluster.</param>
    /// <param name="failure">What is wrong.</param>
    public void NoteCluster(string cluster, UnreadableKeyException failure)
    {
        ArgumentNullException.ThrowIfNull(failure);
        _faults[KeyOf(cluster)] = failure.IsMissing
            ? $"The stored kubeconfig cannot be decrypted: {failure.Message}. A platform admin must configure that key again, or write spec.kubeconfig anew."
            : $"The stored kubeconfig cannot be decrypted: {failure.Message}. A platform admin must write spec.kubeconfig anew.";
    }

    /// <summary>The kubeconfig of a Cluster can be read.</summary>
    public void ClearCluster(string cluster) => Clear(KeyOf(cluster));

    /// <summary>What is wrong with the kubeconfig of a Cluster; null: nothing is known to be.</summary>
    public string? OfCluster(string cluster) => Of(KeyOf(cluster));

    // No tenant has capitals in its name, so no certificate has such a key.
    private static string KeyOf(string cluster) => $"Cluster/{cluster}";

    /// <summary>What is wrong, in words; null: nothing is known to be.</summary>
    public string? Of(string certificate) => _faults.GetValueOrDefault(certificate);
}
