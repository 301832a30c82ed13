using System.Collections.Concurrent;
using System.Net;
using Gatehouse.DataPlane.Hosting;

namespace Gatehouse.DataPlane.Listeners;

/// <summary>Bounds connections in all and from one client address, so that one client cannot take them all.</summary>
internal sealed class ConnectionLimits(DataPlaneOptions options)
{
    private readonly ConcurrentDictionary<IPAddress, int> _byAddress = new();
    private int _all;

    /// <summary>Live connections.</summary>
    public int Count => Volatile.Read(ref _all);

    public bool TryEnter(EndPoint? remote)
    {
        if (Interlocked.Increment(ref _all) > options.MaxConnections)
        {
            Interlocked.Decrement(ref _all);
            return false;
        }
        if (!Counts(remote, out var address) || _byAddress.AddOrUpdate(address, 1, (_, count) => count + 1) <= options.MaxConnectionsPerAddress)
            return true;
        Leave(remote);
        return false;
    }

    public void Leave(EndPoint? remote)
    {
        Interlocked.Decrement(ref _all);
        if (Counts(remote, out var address) && _byAddress.AddOrUpdate(address, 0, (_, count) => count - 1) <= 0)
            _byAddress.TryRemove(new KeyValuePair<IPAddress, int>(address, 0));
    }

    private bool Counts(EndPoint? remote, out IPAddress address)
    {
        address = (remote as IPEndPoint)?.Address ?? IPAddress.Loopback;
        if (address.IsIPv4MappedToIPv6)
            address = address.MapToIPv4();
        return options.IsBounded(address);
    }
}
