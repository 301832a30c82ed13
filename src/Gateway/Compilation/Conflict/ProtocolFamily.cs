namespace Gatehouse.Gateway.Compilation.Conflict;

/// <summary>What can share one port: listeners of a family are told apart by hostname, families not at all (https://gateway-api.sigs.k8s.io/reference/spec/#gatewayspec, listeners).</summary>
internal enum ProtocolFamily
{
    /// <summary>Plain HTTP, told apart by Host.</summary>
    Http,

    /// <summary>HTTPS and TLS, told apart by SNI.</summary>
    Tls,

    /// <summary>TCP.</summary>
    Tcp,

    /// <summary>UDP, whose ports are others.</summary>
    Udp,
}

/// <summary>Families of protocols.</summary>
internal static class ProtocolFamilies
{
    public static ProtocolFamily Of(string protocol) => protocol switch
    {
        "HTTP" => ProtocolFamily.Http,
        "HTTPS" or "TLS" => ProtocolFamily.Tls,
        "UDP" => ProtocolFamily.Udp,
        _ => ProtocolFamily.Tcp,
    };
}
