using System.Net;

namespace Gatehouse.ServiceDefaults.Net;

/// <summary>Addresses that are not plainly the public internet: what a name or a tenant leads to must not reach them unless an operator says so.</summary>
public static class SpecialAddresses
{
    /// <summary>Everything that is not plainly the public internet (IANA special-purpose registries); cloud metadata lies in link-local.</summary>
    private static readonly IPNetwork[] Special =
    [
        .. new[]
        {
            "0.0.0.0/8", "10.0.0.0/8", "100.64.0.0/10", "127.0.0.0/8", "169.254.0.0/16", "172.16.0.0/12", "192.0.0.0/24", "192.0.2.0/24",
            "192.88.99.0/24", "192.168.0.0/16", "198.18.0.0/15", "198.51.100.0/24", "203.0.113.0/24", "224.0.0.0/4", "240.0.0.0/4",
            "::/96", "::ffff:0:0:0/96", "64:ff9b::/96", "64:ff9b:1::/48", "100::/64", "2001::/23", "2001:db8::/32", "2002::/16", "fc00::/7", "fe80::/10", "fec0::/10", "ff00::/8",
        }.Select(text => IPNetwork.Parse(text)),
    ];

    /// <summary>
    /// Where clouds hand out the credentials of the machine. Some lie in private ranges, one in a public one: allowing a range allows
    /// none of them, only naming the address does.
    /// </summary>
    private static readonly IPAddress[] Metadata =
    [
        .. new[]
        {
            "169.254.169.254", "169.254.170.2", "169.254.170.23", "fd00:ec2::254", "fd00:ec2::23", "fd20:ce::254", "100.100.100.200", "168.63.129.16", "192.0.0.192",
        }.Select(IPAddress.Parse),
    ];

    /// <summary>Whether an address lies in a range of IANA's special-purpose registries.</summary>
    public static bool IsSpecial(IPAddress address)
    {
        ArgumentNullException.ThrowIfNull(address);
        foreach (var network in Special)
        {
            if (network.Contains(address))
                return true;
        }
        return false;
    }

    /// <summary>Whether clouds hand out the machine's credentials there.</summary>
    public static bool IsMetadata(IPAddress address) => Metadata.Contains(address);

    /// <summary>Whether an address is the public internet's.</summary>
    public static bool IsPublic(IPAddress address)
    {
        ArgumentNullException.ThrowIfNull(address);
        var plain = address.IsIPv4MappedToIPv6 ? address.MapToIPv4() : address;
        return !IsSpecial(plain) && !IsMetadata(plain);
    }
}
