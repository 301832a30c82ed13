using Gatehouse.Gateway.Resources;
using Gatehouse.Gateway.Validation.Reading;

namespace Gatehouse.Gateway.Validation.Kinds;

/// <summary>Hostname, our kind; the claimed name itself is the object's name (<see cref="ObjectNames.NormalizeHostname"/>).</summary>
internal static class Hostnames
{
    private static readonly Count OneTo16 = new(1, 16);

    public static HostnameSpec Read(ObjectReader spec)
    {
        var gateways = spec.List("gateways", OneTo16, gateway => new GatewayReference
        {
            Namespace = gateway.Text("namespace", Formats.Namespace),
            Name = gateway.RequiredText("name", NameFormat.Subdomain),
        });
        spec.RequireUnique("gateways", gateways, gateway => gateway.Name.Length > 0 ? gateway : null, "This Gateway is in the list already; remove the repetition.");
        return new HostnameSpec { Gateways = gateways };
    }
}
