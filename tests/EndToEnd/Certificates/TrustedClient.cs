using System.Net.Sockets;
using System.Security.Authentication;
using System.Security.Cryptography.X509Certificates;
using Xunit;

namespace Gatehouse.EndToEnd.Certificates;

/// <summary>Clients that trust one root alone, as <c>curl --cacert</c>.</summary>
internal static class TrustedClient
{
    /// <summary>Asks until a certificate of the root is shown and the answer is 200; the caller disposes the leaf.</summary>
    public static async Task<X509Certificate2> ServedAsync(AcmeSite site, string hostname, X509Certificate2 root)
    {
        for (var i = 0; ; i++)
        {
            try
            {
                var (leaf, answer) = await TlsClient.GetTrustedAsync(site.TlsPort, hostname, root);
                Assert.Contains("200 OK", answer, StringComparison.Ordinal);
                return leaf;
            }
            catch (Exception failure) when (i < 200 && (failure is AuthenticationException or IOException or SocketException))
            {
                await Task.Delay(50);
            }
        }
    }

    /// <summary>Asks until another certificate is shown than the one of before; every request on the way must succeed.</summary>
    public static async Task<X509Certificate2> OtherAsync(AcmeSite site, string hostname, X509Certificate2 before, params X509Certificate2[] roots)
    {
        for (var i = 0; i < 600; i++)
        {
            var (leaf, answer) = await TlsClient.GetTrustedAsync(site.TlsPort, hostname, roots);
            Assert.Contains("200 OK", answer, StringComparison.Ordinal);
            if (leaf.SerialNumber != before.SerialNumber)
                return leaf;
            leaf.Dispose();
            await Task.Delay(50);
        }
        throw new TimeoutException($"{hostname} does not show another certificate.");
    }

    /// <summary>Opens one connection after the other; whatever fails is thrown.</summary>
    /// <returns>How many it opened.</returns>
    public static async Task<int> LoadAsync(AcmeSite site, string hostname, CancellationToken stop, params X509Certificate2[] roots)
    {
        var done = 0;
        while (!stop.IsCancellationRequested)
        {
            var (leaf, answer) = await TlsClient.GetTrustedAsync(site.TlsPort, hostname, roots);
            leaf.Dispose();
            Assert.Contains("200 OK", answer, StringComparison.Ordinal);
            done++;
        }
        return done;
    }
}
