using System.CommandLine;
using System.CommandLine.Parsing;
using Gatehouse.ServiceDefaults;

namespace Gatehouse.Standalone.Options;

/// <summary>The options of `up`: each is an argument, else an environment variable of the same name, else a default.</summary>
internal static class UpCommand
{
    public static Command Create(Func<UpOptions, CancellationToken, Task<int>> run)
    {
        var dataDirectory = Text("--data-dir", ".gatehouse", "Directory for everything that survives a restart");
        var database = Text("--database", null, "Connection string of a Postgres of your own, as its owner (default: a Postgres that is started for you)");
        var api = Parsed("--api", "http://127.0.0.1:5080", "Where the API listens", OptionValues.ListenUrl);
        var portal = Parsed("--portal", "http://127.0.0.1:5081", "Where the portal listens", OptionValues.ListenUrl);
        var publish = Parsed("--publish", "80:8080,443:8443", "Listener ports and the ports that are bound for them", PublishedPort.ParseList);
        var bind = Parsed("--bind", "127.0.0.1", "Address that traffic is taken on", OptionValues.Address);
        var adminToken = Parsed("--admin-token", null, "Bootstrap API token (default: one is drawn at the first start)", OptionValues.Token);
        var baseDomain = Parsed("--base-domain", "apps.localhost", "Names *.{tenant}.BASE-DOMAIN need no proof", OptionValues.Domain);
        var verification = Parsed("--hostname-verification", "required", "Whether hostnames must be proven: required or off", Verification);
        var backendAllow = Parsed("--backend-allow", OptionValues.PrivateRanges, "Private address ranges that backends may lie in", OptionValues.Ranges);
        var kekFile = Text("--kek-file", null, "File with the key-encryption keys for certificates' private keys (default: one is drawn into the data directory)");
        var issuanceFile = Text("--issuance-file", null, "Settings file for names and certificates: resolvers, certificate authorities, challenge zone (default: none)");
        var unknownSni = Parsed("--unknown-sni", "refuse", "What TLS clients get who ask for a name that nobody serves: refuse (an alert) or neutral (a certificate of nobody, and 421)", UnknownSni);
        var command = new Command("up", "Start Gatehouse")
        {
            dataDirectory, database, api, portal, publish, bind, adminToken, baseDomain, verification, backendAllow, kekFile, issuanceFile, unknownSni,
        };
        command.SetAction((result, cancellationToken) => run(
            new UpOptions
            {
                DataDirectory = result.GetValue(dataDirectory)!,
                Database = result.GetValue(database) is { Length: > 0 } connection ? new Secret(connection) : null,
                Api = result.GetValue(api)!,
                Portal = result.GetValue(portal)!,
                Publish = result.GetValue(publish)!,
                Bind = result.GetValue(bind)!,
                AdminToken = result.GetValue(adminToken) is { } token ? new Secret(token) : null,
                BaseDomain = result.GetValue(baseDomain)!,
                HostnameVerification = result.GetValue(verification) == "required",
                BackendAllow = result.GetValue(backendAllow)!,
                NeutralCertificate = result.GetValue(unknownSni) == "neutral",
                KekFile = result.GetValue(kekFile) is { Length: > 0 } file ? file : null,
                IssuanceFile = result.GetValue(issuanceFile) is { Length: > 0 } settings ? settings : null,
                // Has no argument: those can be seen by everybody who sees the list of processes.
                Kek = Secret.OfNullable(Environment.GetEnvironmentVariable("GATEHOUSE_KEK")),
            },
            cancellationToken));
        return command;
    }

    /// <summary><c>--data-dir</c> → <c>GATEHOUSE_DATA_DIR</c>.</summary>
    internal static string VariableOf(string option) => "GATEHOUSE_" + option[2..].Replace('-', '_').ToUpperInvariant();

    private delegate T? Reader<out T>(string text, out string? error);

    private static Option<string?> Text(string name, string? fallback, string description) => new(name)
    {
        Description = Describe(name, description),
        DefaultValueFactory = _ => Given(name) ?? fallback,
    };

    private static Option<T?> Parsed<T>(string name, string? fallback, string description, Reader<T> read)
        where T : class => new(name)
        {
            Description = Describe(name, fallback is null ? description : $"{description} (default: {fallback})"),
            CustomParser = result => Read(result, name, result.Tokens.Single().Value, read),
            DefaultValueFactory = result => (Given(name) ?? fallback) is { } text ? Read(result, VariableOf(name), text, read) : null,
        };

    private static T? Read<T>(ArgumentResult result, string source, string text, Reader<T> read)
        where T : class
    {
        var value = read(text, out var error);
        if (error is not null)
            result.AddError($"{source}: {error}.");
        return value;
    }

    private static string? Verification(string text, out string? error)
    {
        error = text is "required" or "off" ? null : $"'{text}' is neither required nor off";
        return error is null ? text : null;
    }

    private static string? UnknownSni(string text, out string? error)
    {
        error = text is "refuse" or "neutral" ? null : $"'{text}' is neither refuse nor neutral";
        return error is null ? text : null;
    }

    private static string Describe(string name, string description) => $"{description} [{VariableOf(name)}]";

    private static string? Given(string option) => Environment.GetEnvironmentVariable(VariableOf(option)) is { Length: > 0 } value ? value : null;
}
