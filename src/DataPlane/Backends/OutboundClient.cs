namespace Gatehouse.DataPlane.Backends;

/// <summary>A client that backends with equal options share.</summary>
internal sealed class OutboundClient(OutboundOptions options, BackendTls? tls, HttpMessageInvoker invoker) : IDisposable
{
    public OutboundOptions Options => options;

    /// <summary>TLS of its connections; null: none.</summary>
    public BackendTls? Tls => tls;

    public HttpMessageInvoker Invoker => invoker;

    /// <summary>Backends that use it; changed under the owner's lock.</summary>
    public int Users { get; set; }

    public void Dispose() => invoker.Dispose();
}
