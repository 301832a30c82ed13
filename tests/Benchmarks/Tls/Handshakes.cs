using System.Diagnostics;
using System.Net;
using System.Net.Security;
using System.Net.Sockets;
using Gatehouse.Benchmarks.Proxies;

namespace Gatehouse.Benchmarks.Tls;

/// <summary>What a run of handshakes gave.</summary>
/// <param name="Count">Handshakes.</param>
/// <param name="Failed">Those that failed.</param>
/// <param name="PerSecond">Handshakes a second.</param>
/// <param name="CpuMicroseconds">Processor time of the server for each.</param>
internal sealed record HandshakeRun(long Count, long Failed, double PerSecond, double CpuMicroseconds);

/// <summary>Makes new TLS connections, without resumption, and closes them.</summary>
internal static class Handshakes
{
    private const int Clients = 8;

    public static HandshakeRun Run(MeasuredProcess server, TimeSpan time, Func<long, string> nameOf, long atMost = long.MaxValue)
    {
        var (next, failed, cpu, began) = (0L, 0L, server.CpuSeconds(), Stopwatch.GetTimestamp());
        Task.WhenAll(Enumerable.Range(0, Clients).Select(_ => Task.Run(async () =>
        {
            while (Stopwatch.GetElapsedTime(began) < time)
            {
                var index = Interlocked.Increment(ref next) - 1;
                if (index >= atMost)
                    return;
                if (!await TryAsync(server.Port, nameOf(index)))
                    Interlocked.Increment(ref failed);
            }
        }))).GetAwaiter().GetResult();
        var count = Math.Min(next, atMost);
        return new HandshakeRun(count, failed, count / Stopwatch.GetElapsedTime(began).TotalSeconds, (server.CpuSeconds() - cpu) * 1e6 / Math.Max(1, count));
    }

    private static async Task<bool> TryAsync(int port, string name)
    {
        using var socket = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp) { LingerState = new LingerOption(true, 0) };
        await socket.ConnectAsync(IPAddress.Loopback, port);
        await using var stream = new SslStream(new NetworkStream(socket));
        try
        {
            await stream.AuthenticateAsClientAsync(new SslClientAuthenticationOptions
            {
                TargetHost = name, AllowTlsResume = false, ApplicationProtocols = [SslApplicationProtocol.Http11], RemoteCertificateValidationCallback = static (_, certificate, _, _) => certificate is not null,
            });
            return true;
        }
        catch (Exception failure) when (failure is IOException or System.Security.Authentication.AuthenticationException)
        {
            return false;
        }
    }
}
