using System.Diagnostics.CodeAnalysis;
using System.Net;
using System.Net.Sockets;

namespace Gatehouse.Gateway.Resources;

/// <summary>
/// IP addresses as text. <see cref="IPAddress.TryParse(string, out IPAddress)"/> alone takes too much: <c>1</c>, <c>0x7f.1</c>,
/// <c>[::1]</c>, <c>fe80::1%eth0</c>.
/// </summary>
internal static class IpText
{
    /// <summary>What Kubernetes takes for formats ipv4 and ipv6: <c>010.0.0.1</c> is 10.0.0.1 there, and 8.0.0.1 to the BCL.</summary>
    public static bool TryParse(string text, [NotNullWhen(true)] out IPAddress? address) => TryParse(text, allowLeadingZeros: true, out address);

    /// <summary>An address that everybody reads alike.</summary>
    public static bool IsStrictAddress(string text) => TryParse(text, allowLeadingZeros: false, out _);

    /// <summary>An address, or a network as address and prefix length whose other bits are zero.</summary>
    public static bool IsAddressOrNetwork(string text)
    {
        var slash = text.IndexOf('/', StringComparison.Ordinal);
        return slash < 0
            ? IsStrictAddress(text)
            : TryParse(text[..slash], allowLeadingZeros: false, out var address)
                && IsPrefixLength(text[(slash + 1)..])
                && IPNetwork.TryParse(text, out var network)
                && network.BaseAddress.Equals(address);
    }

    private static bool IsPrefixLength(string text) =>
        text.Length is > 0 and <= 3 && text.All(char.IsAsciiDigit) && (text.Length == 1 || text[0] != '0');

    private static bool TryParse(string text, bool allowLeadingZeros, [NotNullWhen(true)] out IPAddress? address)
    {
        address = null;
        if (!text.Contains(':', StringComparison.Ordinal))
            return TryNormalizeV4(text, allowLeadingZeros, out var plain) && IPAddress.TryParse(plain, out address);
        if (!text.All(c => char.IsAsciiHexDigit(c) || c is ':' or '.'))
            return false;
        var tail = text[(text.LastIndexOf(':') + 1)..];
        if (tail.Contains('.', StringComparison.Ordinal))
        {
            if (!TryNormalizeV4(tail, allowLeadingZeros, out var embedded))
                return false;
            text = text[..^tail.Length] + embedded;
        }
        return IPAddress.TryParse(text, out address) && address.AddressFamily == AddressFamily.InterNetworkV6;
    }

    private static bool TryNormalizeV4(string text, bool allowLeadingZeros, out string normalized)
    {
        var parts = text.Split('.');
        normalized = "";
        if (parts.Length != 4)
            return false;
        for (var i = 0; i < parts.Length; i++)
        {
            var digits = parts[i].TrimStart('0');
            if (parts[i].Length == 0 || !parts[i].All(char.IsAsciiDigit) || (!allowLeadingZeros && parts[i].Length > Math.Max(1, digits.Length)))
                return false;
            parts[i] = digits.Length == 0 ? "0" : digits;
        }
        normalized = string.Join('.', parts);
        return true;
    }
}
