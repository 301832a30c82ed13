using System.Net;
using System.Net.Sockets;
using Gatehouse.DataPlane.Backends;
using Gatehouse.DataPlane.Routing;
using Gatehouse.Gateway.Matching;

namespace Gatehouse.DataPlane.Streams;

/// <summary>Decides sessions of datagrams and opens their ways to endpoints.</summary>
internal sealed partial class UdpFront(CurrentTable tables, OutboundConnector connector, UdpSessions sessions, TimeProvider clock, ILogger<UdpFront> log)
{
    private static readonly TimeSpan OpenTime = TimeSpan.FromSeconds(5);

    public UdpSessions Sessions => sessions;

    /// <summary>Begins a session; null: there is no room for it.</summary>
    public UdpSession? Begin(UdpSocket origin, SocketAddress client)
    {
        var remote = (IPEndPoint)new IPEndPoint(client.Family == AddressFamily.InterNetworkV6 ? IPAddress.IPv6Any : IPAddress.Any, 0).Create(client);
        var source = remote.Address.IsIPv4MappedToIPv6 ? remote.Address.MapToIPv4() : remote.Address;
        var record = new StreamRecord("udp", source.ToString(), clock.GetTimestamp());
        var session = new UdpSession(origin, client, source, record, clock);
        if (!sessions.TryAdd(session))
        {
            sessions.Refused(record);
            return null;
        }
        var table = tables.Current;
        session.Table = table;
        record.Fault = MatchResolver.FindListener(table.Listeners, origin.Keys, "", tlsListener: null, out var listener) == ListenerChoice.Found
            ? StreamRouter.Decide(table, listener!, "", record)
            : StreamFault.NoListener;
        if (record.Fault is null && StreamBalancer.Pick(record.Backend!, [], int.MaxValue) is { } endpoint)
        {
            record.Backend!.Enter();
            endpoint.Health.StreamBegins();
            record.Endpoint = endpoint;
            _ = OpenAsync(session, endpoint);
        }
        else
            record.Fault ??= StreamFault.NoBackend;
        return session;
    }

    /// <summary>Whether what was decided still holds; if not, the session has to begin anew.</summary>
    public bool Holds(UdpSession session)
    {
        var table = tables.Current;
        if (ReferenceEquals(session.Table, table))
            return true;
        var record = session.Record;
        if (record.Endpoint is null || record.Target?.Backend is not { } key)
            return false;
        var holds = MatchResolver.FindListener(table.Listeners, session.Origin.Keys, "", tlsListener: null, out var listener) == ListenerChoice.Found
            && listener!.Hosts.TryFind("", out var host) && host.Rules.Count > 0
            && host.Rules[0].Rule.Backends.Any(backend => backend.Backend == key && backend.Weight > 0)
            && table.Backends.TryGetValue(key, out var state) && state.Endpoints.Any(endpoint => endpoint.Id == record.Endpoint.Id && endpoint.Weight > 0);
        session.Table = table;
        return holds;
    }

    private async Task OpenAsync(UdpSession session, EndpointState endpoint)
    {
        try
        {
            using var limit = new CancellationTokenSource(OpenTime, clock);
            session.Open(await connector.OpenDatagramsAsync(new DnsEndPoint(endpoint.Address, endpoint.Port), limit.Token));
        }
        catch (Exception failure) when (failure is SocketException or IOException or OperationCanceledException)
        {
            session.Record.Fault = failure is BackendRefusedException ? StreamFault.Refused : StreamFault.Unreachable;
        }
        catch (Exception failure)
        {
            session.Record.Fault = StreamFault.Unreachable;
            Log.Failed(log, failure);
        }
    }

    private static partial class Log
    {
        [LoggerMessage(Level = LogLevel.Error, Message = "A session of datagrams failed in the gateway.")]
        public static partial void Failed(ILogger logger, Exception failure);
    }
}
