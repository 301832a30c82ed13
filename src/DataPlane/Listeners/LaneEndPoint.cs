using System.Net;

namespace Gatehouse.DataPlane.Listeners;

/// <summary>
/// An endpoint that Kestrel binds once and that no client can reach: the beginning of a pipeline to which connections from our own
/// sockets are handed. Kestrel cannot add endpoints of its own while it runs.
/// </summary>
internal sealed class LaneEndPoint(string name) : EndPoint
{
    public string Name => name;

    public override string ToString() => $"lane-{name}";
}
