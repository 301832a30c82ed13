using Gatehouse.Gateway.Resources;
using Gatehouse.Gateway.Validation.Reading;

namespace Gatehouse.Gateway.Validation.Kinds;

/// <summary>Listeners of Gateways and ListenerSets (https://gateway-api.sigs.k8s.io/reference/spec/#listener).</summary>
internal static class Listeners
{
    private const string Field = "listeners";
    private const string Terminate = "Terminate";

    private static readonly TextChoice TlsModes = new(Terminate, "Passthrough");

    /// <summary>ProtocolType, anchored as upstream anchors it: a domain-prefixed name only at its end.</summary>
    private static readonly TextFormat Protocol = new(1, 255, $@"\A[a-zA-Z0-9]([-a-zA-Z0-9]*[a-zA-Z0-9])?\z|{NameFormat.SubdomainPattern}/[A-Za-z0-9]+\z",
        "HTTP, HTTPS, TLS, TCP, UDP or a domain-prefixed name such as 'example.com/bar'");

    public static IReadOnlyList<Listener> ReadList(ObjectReader parent)
    {
        var listeners = parent.RequiredList(Field, new Count(1, 64), Read);
        // "Listener name must be unique within the Gateway".
        parent.RequireUnique(Field, listeners, listener => NameKey.Of(listener.Name), "Another listener has this name: names must be unique.");
        // "Combination of port, protocol and hostname must be unique for each listener".
        parent.RequireUnique(Field, listeners, ConflictKey, "Another listener has the same port, protocol and hostname: change one of them.");
        return listeners;
    }

    private static Tuple<int, string, string?>? ConflictKey(Listener listener) =>
        listener.Port > 0 && listener.Protocol.Length > 0 ? Tuple.Create(listener.Port, listener.Protocol, listener.Hostname) : null;

    private static Listener Read(ObjectReader reader)
    {
        var listener = new Listener
        {
            Name = reader.RequiredText("name", Formats.SectionName),
            Hostname = reader.Text("hostname", Formats.Hostname),
            Port = reader.RequiredInteger("port", References.MinPort, References.MaxPort),
            Protocol = reader.RequiredText("protocol", Protocol),
            Tls = reader.Object("tls", ReadTls),
            AllowedRoutes = reader.Object("allowedRoutes", AllowedRoutesRules.Read),
        };
        CheckProtocol(reader, listener);
        return listener;
    }

    private static void CheckProtocol(ObjectReader reader, Listener listener)
    {
        // "tls must not be specified for protocols ['HTTP', 'TCP', 'UDP']".
        if (listener.Protocol is "HTTP" or "TCP" or "UDP" && reader.IsSet("tls"))
            reader.Report(ErrorCodes.NotAllowed, $"Remove 'tls', or set 'protocol' to HTTPS or TLS: it is {listener.Protocol}.", "tls");
        // "tls mode must be Terminate for protocol HTTPS".
        if (listener.Protocol == "HTTPS" && listener.Tls?.Mode == "Passthrough")
            reader.Report(ErrorCodes.UnsupportedValue, "Must be Terminate for protocol HTTPS; set 'protocol' to TLS to pass connections through.", "tls", "mode");
        // "tls mode must be set for protocol TLS": it has a default as soon as tls is there.
        if (listener.Protocol == "TLS" && !reader.IsSet("tls"))
            reader.Report(ErrorCodes.Required, "A TLS listener needs 'tls'.", "tls");
        // "hostname must not be specified for protocols ['TCP', 'UDP']".
        if (listener.Protocol is "TCP" or "UDP" && reader.IsSet("hostname"))
            reader.Report(ErrorCodes.NotAllowed, $"Remove 'hostname': a {listener.Protocol} listener cannot tell names apart.", "hostname");
    }

    /// <summary>https://gateway-api.sigs.k8s.io/reference/spec/#listenertlsconfig</summary>
    private static ListenerTlsConfig ReadTls(ObjectReader reader)
    {
        var tls = new ListenerTlsConfig
        {
            Mode = reader.Text("mode", TlsModes),
            CertificateRefs = reader.List("certificateRefs", Count.AtMost(64), References.Secret),
            Options = reader.TextMap("options", Count.AtMost(16), TextFormat.Any, Formats.LongText),
        };
        // "certificateRefs or options must be specified when mode is Terminate".
        if ((tls.Mode ?? Terminate) == Terminate && tls is { CertificateRefs: not { Count: > 0 }, Options: not { Count: > 0 } })
            reader.Report(ErrorCodes.Required, "Terminating TLS needs a certificate: name at least one.", "certificateRefs");
        return tls;
    }
}
