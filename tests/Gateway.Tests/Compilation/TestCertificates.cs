using System.Runtime.CompilerServices;

namespace Gatehouse.Gateway.Tests.Compilation;

/// <summary>
/// Self-signed certificates whose keys nobody kept: <c>exact</c> (a.example.com, b.example.com), <c>wildcard</c> (*.example.com),
/// <c>other</c> (other.org), <c>test</c> (names of random worlds), <c>authority</c>.
/// </summary>
internal static class TestCertificates
{
    /// <summary>PEM of a certificate; several names with <c>+</c> between them give a chain.</summary>
    public static string Pem(string names) => string.Concat(names.Split('+').Select(name => File.ReadAllText(Path.Combine(Here(), "Certificates", name + ".pem"))));

    private static string Here([CallerFilePath] string file = "") => Path.GetDirectoryName(file)!;
}
