using Gatehouse.Gateway.Resources;
using Gatehouse.Gateway.Validation.Reading;

namespace Gatehouse.Gateway.Validation.Kinds;

/// <summary>Addresses that a Gateway asks for (https://gateway-api.sigs.k8s.io/reference/spec/#gatewayspecaddress).</summary>
internal static class GatewayAddresses
{
    private const string Field = "addresses";
    private const string IpAddress = "IPAddress";
    private const string Hostname = "Hostname";

    /// <summary>AddressType with upstream's alternatives, which are anchored at one end or none.</summary>
    private static readonly TextFormat Type = new(1, 253, $@"\AHostname|IPAddress|NamedAddress|{NameFormat.SubdomainPattern}/[A-Za-z0-9/\-._~%!$&'()*+,;=:]+\z",
        "IPAddress, Hostname or a domain-prefixed type such as 'example.com/pool'");

    private static readonly TextFormat Value = new(0, 253);

    public static IReadOnlyList<GatewaySpecAddress>? ReadList(ObjectReader gateway)
    {
        var addresses = gateway.List(Field, Count.AtMost(16), Read);
        // "IPAddress values must be unique", "Hostname values must be unique"; other types may repeat.
        gateway.RequireUnique(Field, addresses,
            address => address.Value is { } value && (address.Type ?? IpAddress) is IpAddress or Hostname ? $"{address.Type ?? IpAddress} {value}" : null,
            "This address is in the list already; remove the repetition.");
        return addresses;
    }

    private static GatewaySpecAddress Read(ObjectReader reader)
    {
        var address = new GatewaySpecAddress { Type = reader.Text("type", Type), Value = reader.Text("value", Value) };
        if (address.Value is not { } value)
            return address;
        if ((address.Type ?? IpAddress) == IpAddress && !IpText.TryParse(value, out _))
            reader.Report(ErrorCodes.InvalidFormat, $"{SafeText.Quote(value)} must be an IPv4 or IPv6 address; leave it out for one that is chosen for you.", "value");
        // "Hostname value must be empty or contain only valid characters": its expression takes only an absent value as empty.
        if (address.Type == Hostname && Formats.Hostname.Check(value) is { } problem)
            reader.Report(problem.Code, problem.Message, "value");
        return address;
    }
}
