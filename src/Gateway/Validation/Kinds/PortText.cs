using System.Globalization;
using Gatehouse.Gateway.Validation.Reading;

namespace Gatehouse.Gateway.Validation.Kinds;

/// <summary>Ports as keys of maps: decimal, in the one way to write them.</summary>
internal static class PortText
{
    public static readonly ParsedText Rule = new(5, IsPort, "a port from 1 to 65535");

    private static bool IsPort(string text) =>
        int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var port)
        && port is >= References.MinPort and <= References.MaxPort
        && port.ToString(CultureInfo.InvariantCulture) == text;
}
