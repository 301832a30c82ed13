namespace Gatehouse.Control.Status.Clusters;

using Entry = KeyValuePair<(Subject Subject, string Type, string Reason), Explanation>;

/// <summary>Reasons of GatewayClasses (https://gateway-api.sigs.k8s.io/reference/spec/#gatewayclassconditionreason) and Gateways (…#gatewayconditionreason).</summary>
internal static class GatewayReasons
{
    public static IEnumerable<Entry> All { get; } =
    [
        Class("Accepted", "Accepted", "The controller serves this GatewayClass."),
        Class("Accepted", "InvalidParameters", "The GatewayClass refers to parameters that the controller cannot find or read.", "Whoever runs the cluster must correct parametersRef of the GatewayClass there."),
        Class("Accepted", "Unsupported", "The controller does not support this GatewayClass.", "Whoever runs the cluster must use a class that the controller knows, or a platform admin another cluster's class."),
        Class("Accepted", "UnsupportedVersion", "The controller does not support the version of Gateway API that is installed in the cluster.", "Whoever runs the cluster must install the version that the controller asks for, or another version of the controller."),
        Class("Accepted", "Pending", "No controller has taken the GatewayClass yet.", "If this stays, whoever runs the cluster must start the controller that spec.controllerName of the GatewayClass names."),
        Class("SupportedVersion", "SupportedVersion", "The controller supports the version of Gateway API that is installed in the cluster."),
        Class("SupportedVersion", "UnsupportedVersion", "The controller does not fully support the version of Gateway API that is installed in the cluster.", "Whoever runs the cluster should install the version that the controller asks for, or another version of the controller."),

        Gateway("Accepted", "Accepted", "The controller has taken the Gateway."),
        Gateway("Accepted", "ListenersNotValid", "At least one listener of the Gateway cannot be used.", "The owner of the Gateway must correct the listeners that are not accepted: each of them says why."),
        Gateway("Accepted", "Invalid", "The Gateway is not valid for this controller.", "The owner of the Gateway must change what the controller names."),
        Gateway("Accepted", "InvalidParameters", "The Gateway refers to parameters that the controller cannot find or read.", "The owner of the Gateway must correct spec.infrastructure.parametersRef."),
        Gateway("Accepted", "UnsupportedAddress", "The controller does not support the kind of address that the Gateway asks for.", "The owner of the Gateway must remove it from spec.addresses, or ask for another type."),
        Gateway("Accepted", "Pending", "The controller has not decided about the Gateway yet.", "If this stays, whoever runs the cluster must see whether the controller of its GatewayClass runs."),
        Gateway("Programmed", "Programmed", "The controller has configured what carries the Gateway's traffic."),
        Gateway("Programmed", "Pending", "The controller is still configuring what carries the Gateway's traffic.", "If this stays, whoever runs the cluster must look at the controller's log and at the pods and load balancer of the Gateway."),
        Gateway("Programmed", "Invalid", "The controller cannot configure the Gateway, because it is not valid.", "The owner of the Gateway must change what the controller names."),
        Gateway("Programmed", "NoResources", "The cluster has too little room for the Gateway: no machine, no quota or no load balancer is left.", "Whoever runs the cluster must give it more."),
        Gateway("Programmed", "AddressNotAssigned", "The Gateway has no address yet, so nobody can reach it.", "Whoever runs the cluster must see why its load balancer gives none (no load-balancer controller, no quota, an empty address pool)."),
        Gateway("Programmed", "AddressNotUsable", "The Gateway asks for an address that it cannot have there.", "The owner of the Gateway must remove it from spec.addresses, or whoever runs the cluster must free it."),
        Gateway("ResolvedRefs", "ResolvedRefs", "All references of the Gateway lead somewhere they may."),
        Gateway("ResolvedRefs", "RefNotPermitted", "The Gateway refers to an object of another tenant that has not allowed it.", "That tenant must allow it with a ReferenceGrant."),
        Gateway("ResolvedRefs", "InvalidClientCertificateRef", "The client certificate of the Gateway towards backends is missing or unusable.", "The owner of the Gateway must correct spec.tls.backend.clientCertificateRef, or upload the certificate that it names."),
        Gateway("ResolvedRefs", "ListenersNotResolved", "At least one listener of the Gateway refers to something that is missing or not allowed.", "The owner of the Gateway must correct those listeners: each of them says what."),
    ];

    private static Entry Class(string type, string reason, string meaning, string nextStep = "") => new((Subject.GatewayClass, type, reason), new Explanation(meaning, nextStep));

    private static Entry Gateway(string type, string reason, string meaning, string nextStep = "") => new((Subject.Gateway, type, reason), new Explanation(meaning, nextStep));
}
