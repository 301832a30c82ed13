using System.Reflection;

namespace Gatehouse.ServiceDefaults;

/// <summary>The version of the running product.</summary>
public static class ProductVersion
{
    /// <summary>Semantic version, without build metadata.</summary>
    public static string Current { get; } = Read();

    private static string Read()
    {
        var version = typeof(ProductVersion).Assembly.GetCustomAttribute<AssemblyInformationalVersionAttribute>()?.InformationalVersion ?? "0.0.0";
        var metadata = version.IndexOf('+', StringComparison.Ordinal);
        return metadata < 0 ? version : version[..metadata];
    }
}
