using Gatehouse.Gateway.Resources;
using Gatehouse.Gateway.Validation.Reading;

namespace Gatehouse.Gateway.Validation.Kinds;

/// <summary>Where an endpoint listens.</summary>
internal static class EndpointAddress
{
    public static readonly ParsedText Rule = new(253, IsAddress,
        "an IP address without brackets or leading zeros, or a DNS name without port");

    /// <summary>A name whose last label is a number would be read as an IPv4 address by some resolvers (127.1, 0x7f000001).</summary>
    private static bool IsAddress(string text)
    {
        if (IpText.IsStrictAddress(text))
            return true;
        var labels = text.Split('.');
        return labels.All(IsLabel) && !char.IsAsciiDigit(labels[^1][0]);
    }

    private static bool IsLabel(string label) =>
        label.Length is > 0 and <= 63 && label[0] != '-' && label[^1] != '-' && label.All(c => char.IsAsciiLetterOrDigit(c) || c is '-' or '_');
}
