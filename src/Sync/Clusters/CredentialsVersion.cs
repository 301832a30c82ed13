using System.Security.Cryptography;
using Gatehouse.Gateway.Resources;
using Gatehouse.Sync.Kubernetes.Kubeconfigs;

namespace Gatehouse.Sync.Clusters;

/// <summary>Tells a cluster's credentials from those that it had before.</summary>
internal static class CredentialsVersion
{
    /// <summary>A hash of the uploaded kubeconfig and of the kubeconfig files on this machine. Files that cannot be read count as empty.</summary>
    public static async Task<byte[]> OfAsync(ClusterSpec spec, byte[]? kubeconfig, CancellationToken cancellationToken)
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        hash.AppendData(kubeconfig ?? []);
        foreach (var file in spec.KubeconfigFiles ?? [])
        {
            var content = await ReadAsync(file, cancellationToken);
            hash.AppendData(BitConverter.GetBytes(content.Length));
            hash.AppendData(content);
            CryptographicOperations.ZeroMemory(content);
        }
        return hash.GetHashAndReset();
    }

    private static async Task<byte[]> ReadAsync(string file, CancellationToken cancellationToken)
    {
        try
        {
            return new FileInfo(file).Length <= Kubeconfig.FileBytes ? await File.ReadAllBytesAsync(file, cancellationToken) : [];
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException)
        {
            return [];
        }
    }
}
