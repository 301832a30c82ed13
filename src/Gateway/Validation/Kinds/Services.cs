using Gatehouse.Gateway.Resources;
using Gatehouse.Gateway.Validation.Reading;

namespace Gatehouse.Gateway.Validation.Kinds;

/// <summary>
/// A Service with its EndpointSlices as import joins them. A cluster validated them before, so little is asked here; the bounds on slices are
/// Kubernetes' own (https://kubernetes.io/docs/reference/kubernetes-api/service-resources/endpoint-slice-v1/).
/// </summary>
internal static class Services
{
    private static readonly Count AtMost100 = Count.AtMost(100);
    private static readonly Count AtMost1000 = Count.AtMost(1_000);
    private static readonly TextFormat PortName = new(0, 63);
    private static readonly TextFormat AppProtocol = new(0, 253 + 1 + 63);
    private static readonly TextChoice Types = new("ClusterIP", "NodePort", "LoadBalancer", "ExternalName");
    private static readonly TextChoice AddressTypes = new("IPv4", "IPv6", "FQDN");
    private static readonly TextChoice Protocols = new("TCP", "UDP", "SCTP");

    public static ServiceSpec Read(ObjectReader spec) => new()
    {
        Type = spec.Text("type", Types),
        ExternalName = spec.Text("externalName", EndpointAddress.Rule),
        Ports = spec.RequiredList("ports", AtMost1000, ReadPort),
        EndpointSlices = spec.RequiredList("endpointSlices", AtMost1000, ReadSlice),
    };

    private static ServicePort ReadPort(ObjectReader port) => new()
    {
        Name = port.Text("name", PortName),
        Port = port.RequiredInteger("port", References.MinPort, References.MaxPort),
        Protocol = port.Text("protocol", Protocols),
        AppProtocol = port.Text("appProtocol", AppProtocol),
    };

    private static EndpointSlice ReadSlice(ObjectReader slice) => new()
    {
        Name = slice.RequiredText("name", Formats.ObjectName),
        AddressType = slice.Text("addressType", AddressTypes),
        Ports = slice.RequiredList("ports", AtMost100, port => new EndpointSlicePort
        {
            Name = port.Text("name", PortName),
            Port = port.Integer("port", References.MinPort, References.MaxPort),
            Protocol = port.Text("protocol", Protocols),
            AppProtocol = port.Text("appProtocol", AppProtocol),
        }),
        Endpoints = slice.RequiredList("endpoints", AtMost1000, endpoint => new SliceEndpoint
        {
            Addresses = endpoint.RequiredTexts("addresses", new Count(1, 100), EndpointAddress.Rule),
            Ready = endpoint.Flag("ready"),
        }),
    };
}
