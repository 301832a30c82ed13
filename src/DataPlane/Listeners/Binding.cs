using System.Net;

namespace Gatehouse.DataPlane.Listeners;

/// <summary>Names a socket that is bound.</summary>
/// <param name="EndPoint">Address and port.</param>
/// <param name="Udp">Whether it takes datagrams.</param>
internal readonly record struct Binding(IPEndPoint EndPoint, bool Udp)
{
    public override string ToString() => Udp ? $"{EndPoint}/udp" : EndPoint.ToString();
}
