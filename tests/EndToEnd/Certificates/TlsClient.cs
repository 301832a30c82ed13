using System.Net;
using System.Net.Security;
using System.Net.Sockets;
using System.Security.Authentication;
using System.Security.Cryptography.X509Certificates;
using System.Text;

namespace Gatehouse.EndToEnd.Certificates;

/// <summary>HTTPS by hand: which certificate is shown for a name, and what is answered.</summary>
internal static class TlsClient
{
    public static async Task<(string CertificatePem, string Answer)> GetAsync(int port, string host)
    {
        using var socket = new TcpClient();
        await socket.ConnectAsync(IPAddress.Loopback, port);
        var shown = "";
        await using var tls = new SslStream(socket.GetStream(), false, (_, certificate, _, _) =>
        {
            shown = ((X509Certificate2)certificate!).ExportCertificatePem();
            return shown.Length > 0;
        });
        await tls.AuthenticateAsClientAsync(host);
        await tls.WriteAsync(Encoding.ASCII.GetBytes($"GET / HTTP/1.1\r\nHost: {host}\r\nConnection: close\r\n\r\n"));
        using var reader = new StreamReader(tls);
        return (shown, await reader.ReadToEndAsync());
    }

    /// <summary>The same for a client that trusts some roots alone; the caller disposes the certificate.</summary>
    public static async Task<(X509Certificate2 Leaf, string Answer)> GetTrustedAsync(int port, string host, params X509Certificate2[] roots)
    {
        using var socket = new TcpClient();
        await socket.ConnectAsync(IPAddress.Loopback, port);
        await using var tls = new SslStream(socket.GetStream());
        var policy = new X509ChainPolicy { TrustMode = X509ChainTrustMode.CustomRootTrust, RevocationMode = X509RevocationMode.NoCheck, DisableCertificateDownloads = true };
        policy.CustomTrustStore.AddRange(roots);
        await tls.AuthenticateAsClientAsync(new SslClientAuthenticationOptions { TargetHost = host, CertificateChainPolicy = policy });
        var leaf = X509CertificateLoader.LoadCertificate(tls.RemoteCertificate!.GetRawCertData());
        await tls.WriteAsync(Encoding.ASCII.GetBytes($"GET / HTTP/1.1\r\nHost: {host}\r\nConnection: close\r\n\r\n"));
        using var reader = new StreamReader(tls);
        return (leaf, await reader.ReadToEndAsync());
    }

    /// <summary>Asks until a certificate is shown; returns how long that took.</summary>
    public static async Task<TimeSpan> WaitForAsync(int port, string host, string certificatePem)
    {
        var begun = TimeProvider.System.GetTimestamp();
        for (var last = ""; TimeProvider.System.GetElapsedTime(begun) is var waited; await Task.Delay(10))
        {
            try
            {
                (last, _) = await GetAsync(port, host);
                if (last == certificatePem.Trim())
                    return TimeProvider.System.GetElapsedTime(begun);
            }
            catch (Exception failure) when (failure is IOException or SocketException or AuthenticationException)
            {
                last = failure.Message;
            }
            if (waited.TotalSeconds > 15)
                throw new TimeoutException($"{host} on port {port} does not show its certificate: {last}");
        }
        throw new InvalidOperationException();
    }
}
