using System.Globalization;
using Gatehouse.Standalone.Instance;
using Gatehouse.Standalone.Options;

namespace Gatehouse.Standalone.Up;

/// <summary>What a user needs to know once everything runs.</summary>
internal static class Banner
{
    public const string AdminEmail = "admin@gatehouse.local";

    public static void Print(TextWriter output, UpOptions options, DataDirectory data, Secrets secrets, TimeSpan took)
    {
        var api = Ports.FromHere(options.Api).GetLeftPart(UriPartial.Authority);
        var portal = Ports.FromHere(options.Portal).GetLeftPart(UriPartial.Authority);
        output.WriteLine(string.Create(CultureInfo.InvariantCulture, $"Gatehouse is ready (after {took.TotalSeconds:0.0} s)."));
        output.WriteLine();
        output.WriteLine($"  API       {api}/api/v1   (OpenAPI: {api}/openapi/v1.json)");
        output.WriteLine($"  Portal    {portal}");
        output.WriteLine($"  Traffic   {string.Join(", ", options.Publish.Select(port => string.Create(CultureInfo.InvariantCulture, $"port {port.Listener} at http{(port.Listener == 443 ? "s" : "")}://{Host(options.Bind)}:{port.Bound}")))}");
        output.WriteLine($"  Data      {data.Path}");
        output.WriteLine();
        if (secrets.AreFresh)
            PrintFirstSignIn(output, options, data, secrets);
        output.WriteLine("Try:");
        output.WriteLine($"  TOKEN={Token(options, data)}");
        output.WriteLine($"  curl -H \"Authorization: Bearer $TOKEN\" {api}/api/v1/tenants");
        output.WriteLine("  ./gatehouse demo      fills it with an example");
        output.WriteLine();
        output.WriteLine("Ctrl-C stops all of it.");
        output.Flush();
    }

    private static void PrintFirstSignIn(TextWriter output, UpOptions options, DataDirectory data, Secrets secrets)
    {
        output.WriteLine("First sign-in (shown once):");
        output.WriteLine($"  email     {AdminEmail}");
        output.WriteLine($"  password  {secrets.AdminPassword}");
        if (options.AdminToken is null)
            output.WriteLine($"  API token {secrets.AdminToken}");
        output.WriteLine($"  (kept in {data.Secrets}, which only you can read)");
        output.WriteLine();
    }

    // A secret that was given on the command line is not repeated.
    private static string Token(UpOptions options, DataDirectory data) =>
        options.AdminToken is null ? $"$(sed -n 's/.*\"AdminToken\":\"\\([^\"]*\\)\".*/\\1/p' '{data.Secrets}')" : "…   # the one you gave";

    private static string Host(string address) => address.Contains(':', StringComparison.Ordinal) ? $"[{address}]" : address;
}
