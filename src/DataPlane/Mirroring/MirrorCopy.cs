using Gatehouse.DataPlane.Backends;
using Yarp.ReverseProxy.Model;

namespace Gatehouse.DataPlane.Mirroring;

/// <summary>A copy of one request on its way to a mirror.</summary>
internal sealed class MirrorCopy(BackendState backend, DestinationState endpoint) : IDisposable
{
    /// <summary>How long a mirror may take once the request has been sent to it.</summary>
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(10);

    private readonly CancellationTokenSource _end = new();

    public BackendState Backend => backend;

    public DestinationState Endpoint => endpoint;

    /// <summary>Set if the request has a body.</summary>
    public MirrorBody? Body { get; private set; }

    /// <summary>Set once the copy was handed to the client that sends it.</summary>
    public bool IsSent { get; set; }

    public CancellationToken Ended => _end.Token;

    public MirrorBody WithBody(long? length) => Body = new MirrorBody(length, Hurry);

    /// <summary>Nothing more comes: what is not answered soon is given up.</summary>
    public void Hurry()
    {
        try
        {
            _end.CancelAfter(Patience);
        }
        catch (ObjectDisposedException)
        {
            // It has been answered already.
        }
    }

    public void Dispose() => _end.Dispose();
}
