namespace Gatehouse.Control.Status.Clusters;

using Entry = KeyValuePair<(Subject Subject, string Type, string Reason), Explanation>;

/// <summary>
/// Reasons of listeners (https://gateway-api.sigs.k8s.io/reference/spec/#listenerconditionreason) and ListenerSets
/// (…#listenersetconditionreason).
/// </summary>
internal static class ListenerReasons
{
    public static IEnumerable<Entry> All { get; } =
    [
        Listener("Accepted", "Accepted", "The listener is valid."),
        Listener("Accepted", "PortUnavailable", "The listener's port is taken or not offered there.", "The owner of the listener must choose another port, or a platform admin must map it with spec.target.listenerPorts of the GatewayClass."),
        Listener("Accepted", "UnsupportedProtocol", "The controller does not support the listener's protocol.", "The owner of the listener must choose another protocol, or a GatewayClass whose controller supports it."),
        Listener("Accepted", "UnsupportedValue", "The controller does not support a value in the listener.", "The owner of the listener must change the value that the controller names."),
        Listener("Accepted", "NoValidCACertificate", "Clients' certificates cannot be checked: none of the CA certificates that the listener names can be used.", "The owner of the Gateway must correct caCertificateRefs in spec.tls.frontend."),
        Listener("Accepted", "TooManyListeners", "The controller takes no more listeners on one Gateway.", "Remove listeners that are not needed, or ask a platform admin to spread them over more Gateways."),
        Listener("Accepted", "Invalid", "The listener is not valid for this controller.", "The owner of the listener must change what the controller names."),
        Listener("Accepted", "Pending", "The controller has not decided about the listener yet.", "If this stays, whoever runs the cluster must see whether the controller runs."),
        Listener("Programmed", "Programmed", "The controller has configured the listener."),
        Listener("Programmed", "Invalid", "The controller cannot configure the listener, because it is not valid.", "The owner of the listener must correct it: its other conditions say what."),
        Listener("Programmed", "Pending", "The controller is still configuring the listener.", "If this stays, whoever runs the cluster must look at the controller's log."),
        Listener("ResolvedRefs", "ResolvedRefs", "All references of the listener lead somewhere they may."),
        Listener("ResolvedRefs", "InvalidCertificateRef", "The listener's certificate is missing or unusable, so handshakes fail.", "The owner of the listener must upload the certificate that certificateRefs names, with its private key, or name another one."),
        Listener("ResolvedRefs", "InvalidRouteKinds", "The listener asks for kinds of routes that its protocol or the controller cannot take.", "The owner of the listener must correct allowedRoutes.kinds."),
        Listener("ResolvedRefs", "RefNotPermitted", "The listener refers to a certificate of another tenant that has not allowed it.", "That tenant must allow it with a ReferenceGrant."),
        Listener("ResolvedRefs", "InvalidCACertificateRef", "A CA certificate that the listener checks clients with is missing or unusable.", "The owner of the Gateway must correct caCertificateRefs in spec.tls.frontend, or what they name."),
        Listener("ResolvedRefs", "InvalidCACertificateKind", "The controller cannot take CA certificates from the kind of object that the listener names.", "The owner of the Gateway must name a ConfigMap with `ca.crt` in caCertificateRefs."),
        Listener("Conflicted", "NoConflicts", "The listener conflicts with no other one."),
        Listener("Conflicted", "HostnameConflict", "Another listener of the Gateway has the same port and hostname already.", "The owner of one of them must change its hostname or port."),
        Listener("Conflicted", "ProtocolConflict", "Another listener of the Gateway has the same port with a protocol that does not go with this one.", "The owner of one of them must change its port or protocol."),
        Listener("Conflicted", "ListenerConflict", "Another listener that came first has the same port, protocol and hostname.", "The owner of one of them must change its port or hostname."),
        Listener("OverlappingTLSConfig", "OverlappingHostnames", "The listener's hostname overlaps that of another listener with TLS: browsers may send requests for one over a connection to the other.", "Nothing must be done as long as both have a certificate of their own that does not cover the other's name."),
        Listener("OverlappingTLSConfig", "OverlappingCertificates", "The listener's certificate also covers the hostname of another listener: browsers may send requests for one over a connection to the other.", "If requests end at the wrong listener, give each a certificate for its own names alone."),

        Set("Accepted", "Accepted", "The controller has taken the ListenerSet."),
        Set("Accepted", "NotAllowed", "The Gateway does not let ListenerSets of this tenant attach.", "The owner of the Gateway must allow it in spec.allowedListeners."),
        Set("Accepted", "ParentNotAccepted", "The Gateway that the ListenerSet attaches to is itself not accepted.", "The owner of that Gateway must correct it first: its conditions say what."),
        Set("Accepted", "ListenersNotValid", "At least one listener of the ListenerSet cannot be used.", "The owner of the ListenerSet must correct the listeners that are not accepted: each of them says why."),
        Set("Accepted", "Invalid", "The ListenerSet is not valid for this controller.", "The owner of the ListenerSet must change what the controller names."),
        Set("Accepted", "Pending", "The controller has not decided about the ListenerSet yet.", "If this stays, whoever runs the cluster must see whether the controller supports ListenerSets."),
        Set("Programmed", "Programmed", "The controller has configured the ListenerSet."),
        Set("Programmed", "ParentNotProgrammed", "The Gateway that the ListenerSet attaches to is itself not configured.", "The owner of that Gateway must see to it first: its conditions say what."),
        Set("Programmed", "Invalid", "The controller cannot configure the ListenerSet, because it is not valid.", "The owner of the ListenerSet must correct it: its other conditions say what."),
        Set("Programmed", "Pending", "The controller is still configuring the ListenerSet.", "If this stays, whoever runs the cluster must look at the controller's log."),
    ];

    private static Entry Listener(string type, string reason, string meaning, string nextStep = "") => new((Subject.Listener, type, reason), new Explanation(meaning, nextStep));

    private static Entry Set(string type, string reason, string meaning, string nextStep = "") => new((Subject.ListenerSet, type, reason), new Explanation(meaning, nextStep));
}
