using Gatehouse.Gateway.Resources;
using Gatehouse.Gateway.Validation.Reading;

namespace Gatehouse.Gateway.Validation.Kinds;

/// <summary>TLSRoute, TCPRoute and UDPRoute (https://gateway-api.sigs.k8s.io/reference/spec/#tlsroutespec and the two that follow).</summary>
internal static class StreamRoutes
{
    private const string Hostnames = "hostnames";

    public static TlsRouteSpec ReadTls(ObjectReader spec) => new()
    {
        ParentRefs = ParentRefs.Read(spec),
        UseDefaultGateways = ParentRefs.ReadUseDefaultGateways(spec),
        Hostnames = ReadHostnames(spec),
        Rules = ReadRules(spec),
    };

    public static TcpRouteSpec ReadTcp(ObjectReader spec) => new()
    {
        ParentRefs = ParentRefs.Read(spec),
        UseDefaultGateways = ParentRefs.ReadUseDefaultGateways(spec),
        Rules = ReadRules(spec),
    };

    public static UdpRouteSpec ReadUdp(ObjectReader spec) => new()
    {
        ParentRefs = ParentRefs.Read(spec),
        UseDefaultGateways = ParentRefs.ReadUseDefaultGateways(spec),
        Rules = ReadRules(spec),
    };

    private static IReadOnlyList<string> ReadHostnames(ObjectReader spec)
    {
        var names = spec.RequiredTexts(Hostnames, new Count(1, 1024), Formats.Hostname);
        // "Hostnames cannot contain an IP".
        for (var i = 0; i < names.Count; i++)
        {
            if (IpText.IsStrictAddress(names[i]) && !names[i].Contains(':', StringComparison.Ordinal))
                spec.Report(ErrorCodes.InvalidFormat, $"{SafeText.Quote(names[i])} must be a DNS name: clients name no addresses when they open TLS.", Hostnames, i);
        }
        return names;
    }

    private static IReadOnlyList<StreamRouteRule> ReadRules(ObjectReader spec) => spec.RequiredList("rules", new Count(1, 1), rule => new StreamRouteRule
    {
        Name = rule.Text("name", Formats.SectionName),
        BackendRefs = rule.RequiredList("backendRefs", new Count(1, 16), References.WeightedBackend),
    });
}
