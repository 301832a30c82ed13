namespace Gatehouse.Gateway.Compilation.Conflict;

/// <summary>What can share one port: listeners of a family are told apart by hostname, families not at all (https://gateway-api.sigs.k8s.io/reference/spec/#gatewayspec, listeners).</summary>
[Flags]
internal enum ProtocolFamily
{
    /// <summary>None.</summary>
    None = 0,

    /// <summary>Plain HTTP, told apart by Host.</summary>
    Http = 1,

    /// <summary>HTTPS and TLS, told apart by SNI.</summary>
    Tls = 2,

    /// <summary>TCP.</summary>
    Tcp = 4,

    /// <summary>UDP, whose ports are others.</summary>
    Udp = 8,
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
