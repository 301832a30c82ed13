using System.Text;
using Gatehouse.DataPlane.Hardening;

namespace Gatehouse.DataPlane.Hosting;

/// <summary>How header values are decoded: as the octets they are, so that they go through unchanged, except where Kestrel must be stricter.</summary>
internal static class HeaderEncodings
{
    public static Encoding Of(string name)
    {
        if (name.Length == "Connection".Length && name.Equals("Connection", StringComparison.OrdinalIgnoreCase))
            return ConnectionEncoding.Instance;
        return name.Length == "Content-Length".Length && name.Equals("Content-Length", StringComparison.OrdinalIgnoreCase)
            ? ContentLengthEncoding.Instance
            : Encoding.Latin1;
    }
}
