using System.Net;
using System.Text;

namespace Gatehouse.Dns;

/// <summary>The name servers that this machine uses.</summary>
public static class SystemResolvers
{
    private const int MaxServers = 8;
    private const int MaxBytes = 64 * 1024;

    /// <summary>Reads the <c>nameserver</c> lines of resolv.conf; without any, the server on this machine, as the C library does.</summary>
    /// <param name="path">The file.</param>
    public static IReadOnlyList<DnsServer> Read(string path = "/etc/resolv.conf")
    {
        List<DnsServer> servers = [];
        foreach (var line in Lines(path))
        {
            string[] words = line.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries);
            if (words is ["nameserver", var address, ..] && IPAddress.TryParse(address, out _) && DnsServer.TryParse(address, out var server) && !servers.Contains(server))
                servers.Add(server);
        }
        return servers.Count > 0 ? [.. servers.Take(MaxServers)] : [new DnsServer(IPAddress.Loopback)];
    }

    private static string[] Lines(string path)
    {
        try
        {
            using var file = File.OpenRead(path);
            var bytes = new byte[MaxBytes];
            var length = file.ReadAtLeast(bytes, MaxBytes, throwOnEndOfStream: false);
            return Encoding.Latin1.GetString(bytes, 0, length).Split('\n');
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException)
        {
            return [];
        }
    }
}
