namespace Gatehouse.DataPlane.Backends;

/// <summary>A client that backends with equal options share.</summary>
internal sealed class OutboundClient(OutboundOptions options, HttpMessageInvoker invoker) : IDisposable
{
    public OutboundOptions Options => options;

    public HttpMessageInvoker Invoker => invoker;

    /// <summary>Backends that use it; changed under the owner's lock.</summary>
    public int Users { get; set; }

    public void Dispose() => invoker.Dispose();
}
