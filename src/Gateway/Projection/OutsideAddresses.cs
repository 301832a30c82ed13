using System.Net;
using System.Net.Sockets;

namespace Gatehouse.Gateway.Projection;

/// <summary>
/// Which addresses a cluster may be sent to on tenants' behalf: public ones, and private ones that the operator lists. Loopback, link-local
/// (cloud metadata among it), multicast and reserved ones never.
/// </summary>
public static class OutsideAddresses
{
    // RFC 1918, 6598, 4193, and what is reserved (RFC 6890): nothing there is public.
    private static readonly IPNetwork[] Private =
    [
        IPNetwork.Parse("10.0.0.0/8"), IPNetwork.Parse("172.16.0.0/12"), IPNetwork.Parse("192.168.0.0/16"), IPNetwork.Parse("100.64.0.0/10"), IPNetwork.Parse("fc00::/7"),
        IPNetwork.Parse("192.0.0.0/24"), IPNetwork.Parse("198.18.0.0/15"), IPNetwork.Parse("64:ff9b:1::/48"),
    ];

    // Kubernetes refuses these itself, or they are nobody's.
    private static readonly IPNetwork[] Never =
    [
        IPNetwork.Parse("0.0.0.0/8"), IPNetwork.Parse("127.0.0.0/8"), IPNetwork.Parse("169.254.0.0/16"), IPNetwork.Parse("224.0.0.0/4"), IPNetwork.Parse("240.0.0.0/4"),
        IPNetwork.Parse("::1/128"), IPNetwork.Parse("::/128"), IPNetwork.Parse("fe80::/10"), IPNetwork.Parse("ff00::/8"),
    ];

    /// <summary>Whether an address can be an endpoint at all.</summary>
    public static bool IsUsable(IPAddress address)
    {
        ArgumentNullException.ThrowIfNull(address);
        var plain = Plain(address);
        return plain.AddressFamily is AddressFamily.InterNetwork or AddressFamily.InterNetworkV6 && !Never.Any(range => range.Contains(plain));
    }

    /// <summary>Whether an address may be sent to.</summary>
    /// <param name="address">Address.</param>
    /// <param name="allowed">Private addresses and ranges that the operator lists.</param>
    public static bool IsAllowed(IPAddress address, IReadOnlyList<string> allowed)
    {
        ArgumentNullException.ThrowIfNull(allowed);
        var plain = Plain(address);
        return IsUsable(address)
            && (!Private.Any(range => range.Contains(plain)) || allowed.Any(range => IPNetwork.TryParse(range, out var network) ? network.Contains(plain) : IPAddress.TryParse(range, out var single) && single.Equals(plain)));
    }

    private static IPAddress Plain(IPAddress address) => address.IsIPv4MappedToIPv6 ? address.MapToIPv4() : address;
}
