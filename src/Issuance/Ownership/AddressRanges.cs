using System.Net;

namespace Gatehouse.Issuance.Ownership;

/// <summary>Addresses that say something about who is behind them.</summary>
internal static class AddressRanges
{
    // Ranges that the proxies publish themselves and that have stood for years. One that is missing here is only called "elsewhere".
    private static readonly (string Owner, IPNetwork[] Networks)[] Proxies =
    [
        // https://www.cloudflare.com/ips/
        ("Cloudflare", Parse(
            "173.245.48.0/20", "103.21.244.0/22", "103.22.200.0/22", "103.31.4.0/22", "141.101.64.0/18", "108.162.192.0/18", "190.93.240.0/20",
            "188.114.96.0/20", "197.234.240.0/22", "198.41.128.0/17", "162.158.0.0/15", "104.16.0.0/13", "104.24.0.0/14", "172.64.0.0/13",
            "131.0.72.0/22", "2400:cb00::/32", "2606:4700::/32", "2803:f800::/32", "2405:b500::/32", "2405:8100::/32", "2a06:98c0::/29", "2c0f:f248::/32")),

        // https://api.fastly.com/public-ip-list
        ("Fastly", Parse("151.101.0.0/16", "199.232.0.0/16", "146.75.0.0/17", "2a04:4e40::/32", "2a04:4e42::/32")),
    ];

    // RFC 6890 and its registries: addresses that nobody on the Internet can reach.
    private static readonly IPNetwork[] Unreachable = Parse(
        "0.0.0.0/8", "10.0.0.0/8", "100.64.0.0/10", "127.0.0.0/8", "169.254.0.0/16", "172.16.0.0/12", "192.168.0.0/16", "224.0.0.0/3",
        "::/127", "fc00::/7", "fe80::/10", "ff00::/8");

    /// <summary>Whose proxy an address is; null: of none that is known.</summary>
    public static string? ProxyOf(IPAddress address) =>
        Proxies.FirstOrDefault(proxy => proxy.Networks.Any(network => network.Contains(address))).Owner;

    /// <summary>Whether an address is private, local or otherwise not reachable from the Internet.</summary>
    public static bool IsPrivate(IPAddress address)
    {
        var plain = address.IsIPv4MappedToIPv6 ? address.MapToIPv4() : address;
        return Unreachable.Any(network => network.Contains(plain));
    }

    private static IPNetwork[] Parse(params string[] networks) => [.. networks.Select(static network => IPNetwork.Parse(network))];
}
