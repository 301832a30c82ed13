using System.Globalization;
using System.Net;
using System.Net.Sockets;

namespace Gatehouse.Standalone.Up;

/// <summary>Whether ports can be bound, asked before anything is started that would fail less clearly.</summary>
internal static class Ports
{
    /// <summary>Refuses a URL whose port is taken.</summary>
    public static void EnsureFree(Uri url, string option) =>
        EnsureFree(url.Host == "localhost" ? IPAddress.Loopback : IPAddress.Parse(url.Host.Trim('[', ']')), url.Port, option);

    /// <summary>Refuses a port that is taken or not ours to bind.</summary>
    public static void EnsureFree(IPAddress address, int port, string option)
    {
        try
        {
            using var socket = new Socket(address.AddressFamily, SocketType.Stream, ProtocolType.Tcp);
            socket.Bind(new IPEndPoint(address, port));
            socket.Listen(1);
        }
        catch (SocketException e)
        {
            var why = e.SocketErrorCode switch
            {
                SocketError.AddressAlreadyInUse => "is in use by another program: stop that, or choose another port",
                SocketError.AccessDenied => "may not be bound by this user: choose a port from 1024 on",
                SocketError.AddressNotAvailable => "cannot be bound, because this machine has no such address: choose another",
                _ => string.Create(CultureInfo.InvariantCulture, $"cannot be bound ({e.Message}): choose another"),
            };
            throw new StartupFailure($"{new IPEndPoint(address, port)} {why} with {option}.", e);
        }
    }

    /// <summary>A port of the loopback interface that is free now.</summary>
    public static int FreeLoopbackPort()
    {
        using var socket = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        socket.Bind(new IPEndPoint(IPAddress.Loopback, 0));
        return ((IPEndPoint)socket.LocalEndPoint!).Port;
    }

    /// <summary>A free port of the loopback interface; the one that <paramref name="file"/> remembers if that is still free.</summary>
    public static int RememberedLoopbackPort(string file)
    {
        if (File.Exists(file) && int.TryParse(File.ReadAllText(file), CultureInfo.InvariantCulture, out var remembered) && remembered is > 0 and <= 65535 && IsFree(remembered))
            return remembered;
        var port = FreeLoopbackPort();
        File.WriteAllText(file, port.ToString(CultureInfo.InvariantCulture));
        return port;
    }

    /// <summary>The URL by which this machine itself reaches a server that listens at <paramref name="url"/>.</summary>
    public static Uri FromHere(Uri url) => url.Host switch
    {
        "0.0.0.0" => new UriBuilder(url) { Host = "127.0.0.1" }.Uri,
        "[::]" => new UriBuilder(url) { Host = "::1" }.Uri,
        _ => url,
    };

    private static bool IsFree(int port)
    {
        try
        {
            EnsureFree(IPAddress.Loopback, port, "");
            return true;
        }
        catch (StartupFailure)
        {
            return false;
        }
    }
}
