using System.Net;
using System.Net.NetworkInformation;
using System.Net.Sockets;
using Gatehouse.DataPlane.Hosting;
using Gatehouse.DataPlane.Listeners;
using Gatehouse.ServiceDefaults.Net;

namespace Gatehouse.DataPlane.Backends;

/// <summary>
/// Says which addresses a tenant's backend may lie at: public ones and the ranges that the operator allows; never our own control
/// sockets and never our own listeners, whose traffic would come back for ever.
/// </summary>
internal sealed class AddressPolicy
{
    private readonly IReadOnlyList<IPNetwork> _allowed;
    private readonly SocketSet _sockets;
    private readonly List<(IPAddress? Address, int Port)> _denied = [];

    public AddressPolicy(DataPlaneOptions options, SocketSet sockets)
    {
        _allowed = options.BackendAllow;
        _sockets = sockets;
        foreach (var socket in options.DenySockets)
            Deny(socket);
        if (options.Feed is { } feed)
            Deny($"{feed.Host}:{feed.Port}");
        if (options.Admin is { } admin)
            Deny(admin.ToString());
    }

    /// <summary>Why an address must not be connected to; null: it may.</summary>
    /// <param name="address">Address.</param>
    /// <param name="port">Port.</param>
    /// <param name="udp">Whether datagrams go there.</param>
    public string? Refuse(IPAddress address, int port, bool udp = false)
    {
        if (address.IsIPv4MappedToIPv6)
            address = address.MapToIPv4();
        if (IsControl(address, port))
            return "a control socket of the gateway";
        if (IsOwnListener(address, port, udp))
            return "a listener of the gateway itself";
        if (SpecialAddresses.IsMetadata(address) && !_allowed.Contains(new IPNetwork(address, address.GetAddressBytes().Length * 8)))
            return "a metadata service of a cloud, which the operator does not name";
        return SpecialAddresses.IsSpecial(address) && !Contains(_allowed, address) ? "a private or special address that the operator does not allow" : null;
    }

    private bool IsControl(IPAddress address, int port)
    {
        foreach (var (denied, deniedPort) in _denied)
        {
            if (deniedPort == port && (denied is null ? IsLocal(address) : denied.Equals(address) || (IPAddress.IsLoopback(denied) && IsLocal(address))))
                return true;
        }
        return false;
    }

    private bool IsOwnListener(IPAddress address, int port, bool udp)
    {
        foreach (var (own, ownUdp) in _sockets.Bindings)
        {
            if (ownUdp == udp && own.Port == port && (own.Address.Equals(address) || ((own.Address.Equals(IPAddress.Any) || own.Address.Equals(IPAddress.IPv6Any)) && IsLocal(address))))
                return true;
        }
        return false;
    }

    // Names are resolved once, at start: a control socket does not move while we run.
    private void Deny(string socket)
    {
        var colon = socket.LastIndexOf(':');
        if (colon < 0 || !int.TryParse(socket.AsSpan(colon + 1), out var port))
            throw new FormatException($"--deny-sockets takes sockets like 127.0.0.1:5080, not {socket}");
        var host = socket[..colon].Trim('[', ']');
        if (host is "" or "*" or "0.0.0.0" or "::")
            _denied.Add((null, port));
        else if (IPAddress.TryParse(host, out var address))
            _denied.Add((address, port));
        else
            _denied.AddRange(Resolve(host).Select(resolved => ((IPAddress?)resolved, port)));
    }

    private static IPAddress[] Resolve(string host)
    {
        try
        {
            return Dns.GetHostAddresses(host);
        }
        catch (SocketException)
        {
            return [];
        }
    }

    private static bool IsLocal(IPAddress address) =>
        IPAddress.IsLoopback(address) || address.Equals(IPAddress.Any) || address.Equals(IPAddress.IPv6Any)
        || NetworkInterface.GetAllNetworkInterfaces().Any(card => card.GetIPProperties().UnicastAddresses.Any(own => own.Address.Equals(address)));

    private static bool Contains(IReadOnlyList<IPNetwork> networks, IPAddress address)
    {
        foreach (var network in networks)
        {
            if (network.Contains(address))
                return true;
        }
        return false;
    }
}
