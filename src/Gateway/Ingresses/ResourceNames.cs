using System.Security.Cryptography;
using System.Text;

namespace Gatehouse.Gateway.Ingresses;

/// <summary>Names of what an Ingress becomes: the same Ingress gives the same names, whatever else is imported.</summary>
internal static class ResourceNames
{
    private const int MaxLength = 253;
    private const int HashLength = 8;

    /// <summary><c>INGRESS-PART-…</c>; what is too long ends with a hash of the whole.</summary>
    public static string Of(string ingress, params ReadOnlySpan<string> parts)
    {
        var name = parts.Length == 0 ? ingress : $"{ingress}-{string.Join("-", parts!)}";
        if (name.Length <= MaxLength)
            return name;
        var hash = Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(name)))[..HashLength];
        return $"{name[..(MaxLength - HashLength - 1)].TrimEnd('-', '.')}-{hash}";
    }

    /// <summary>A host as a part of a name.</summary>
    public static string Part(string? host) => host is null ? "any-host" : host.Replace("*", "wildcard", StringComparison.Ordinal);
}
