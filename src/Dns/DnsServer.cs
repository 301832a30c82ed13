using System.Diagnostics.CodeAnalysis;
using System.Globalization;
using System.Net;
using System.Net.Sockets;

namespace Gatehouse.Dns;

/// <summary>A name server. Printed as <c>9.9.9.9</c>, <c>127.0.0.1:5353</c>, <c>2620:fe::fe</c> or <c>[::1]:5353</c>.</summary>
/// <param name="Address">Its address; names are not resolved here.</param>
/// <param name="Port">UDP and TCP port.</param>
public sealed record DnsServer(IPAddress Address, int Port = DnsServer.DefaultPort)
{
    /// <summary>The port of DNS.</summary>
    public const int DefaultPort = 53;

    /// <summary>Address and port.</summary>
    public IPEndPoint EndPoint => new(Address, Port);

    /// <summary>Reads what <see cref="ToString"/> prints.</summary>
    /// <exception cref="FormatException">It is not an address with or without a port.</exception>
    public static DnsServer Parse(string text) =>
        TryParse(text, out var server) ? server : throw new FormatException("A DNS server is an IP address, with a port as in 127.0.0.1:5353 or [::1]:5353 if it is not 53.");

    /// <summary>Reads what <see cref="ToString"/> prints; false: it is not an address with or without a port.</summary>
    public static bool TryParse(string? text, [NotNullWhen(true)] out DnsServer? server)
    {
        server = null;
        if (string.IsNullOrEmpty(text))
            return false;
        var (host, port) = Split(text);
        if (!IPAddress.TryParse(host, out var address) || !TryReadPort(port, out var number))
            return false;

        // "1" and "010.0.0.1" are addresses to the base library, and others than they look.
        if (address.AddressFamily == AddressFamily.InterNetwork && address.ToString() != host)
            return false;
        server = new DnsServer(address, number);
        return true;
    }

    /// <inheritdoc />
    public override string ToString() => Port == DefaultPort ? Address.ToString() : EndPoint.ToString();

    private static (string Host, string? Port) Split(string text)
    {
        if (text.StartsWith('['))
        {
            var end = text.IndexOf(']', StringComparison.Ordinal);
            return end < 0 ? ("", null)
                : end == text.Length - 1 ? (text[1..end], null)
                : text[end + 1] == ':' ? (text[1..end], text[(end + 2)..]) : ("", null);
        }
        var colon = text.IndexOf(':', StringComparison.Ordinal);
        return colon >= 0 && colon == text.LastIndexOf(':') ? (text[..colon], text[(colon + 1)..]) : (text, null);
    }

    private static bool TryReadPort(string? text, out int port)
    {
        port = DefaultPort;
        return text is null || (int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out port) && port is > 0 and <= ushort.MaxValue);
    }
}
