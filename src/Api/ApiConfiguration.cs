using System.Collections;
using System.Reflection;
using Gatehouse.Issuance;
using Gatehouse.Persistence.PrivateKeys;
using Gatehouse.ServiceDefaults;

namespace Gatehouse.Api;

/// <summary>Reads the host's settings from <c>GATEHOUSE_…</c> variables, for the host that runs alone.</summary>
internal static class ApiConfiguration
{
    /// <summary>Whether the build asks for the OpenAPI document: then the program runs inside the build's tool and without any setting.</summary>
    public static bool IsDescribing => Assembly.GetEntryAssembly()?.GetName().Name == "GetDocument.Insider";

    public static ApiHostOptions Read(IDictionary variables)
    {
        string? Optional(string name) => variables["GATEHOUSE_" + name] as string is { Length: > 0 } value ? value : null;
        Secret Required(string name) =>
            Secret.OfNullable(Optional(name)) ?? throw new InvalidOperationException($"Set GATEHOUSE_{name}.");

        string? Readable(string name) => Optional(name) is not { } file || File.Exists(file)
            ? Optional(name)
            : throw new InvalidOperationException($"GATEHOUSE_{name} names {file}, which does not exist.");

        var defaults = new ApiHostOptions { Database = new Secret("-"), CompilerDatabase = new Secret("-") };
        return new ApiHostOptions
        {
            Url = Optional("API") ?? defaults.Url,
            Database = Required("DATABASE"),
            CompilerDatabase = Required("DATABASE_COMPILER"),
            AdminToken = Secret.OfNullable(Optional("ADMIN_TOKEN")),
            AdminEmail = Optional("ADMIN_EMAIL") ?? defaults.AdminEmail,
            AdminPassword = Secret.OfNullable(Optional("ADMIN_PASSWORD")),
            BaseDomain = Optional("BASE_DOMAIN") ?? defaults.BaseDomain,
            HostnameVerification = ReadVerification(Optional("HOSTNAME_VERIFICATION")),
            DataPlaneCredentials = ReadCredentials(Optional("DATAPLANE_CREDENTIALS")),
            CertificateFile = Readable("API_CERTIFICATE_FILE"),
            CertificateKeyFile = Readable("API_CERTIFICATE_KEY_FILE"),
            Keys = ReadKeys(Optional("KEK_FILE"), Optional("KEK")),
            Issuance = Readable("ISSUANCE_FILE") is { } issuance ? IssuanceFile.Read(issuance, new IssuanceOptions()) : new IssuanceOptions(),
            DataDirectory = Optional("DATA_DIR"),
        };
    }

    private static KeyRingSource ReadKeys(string? file, string? text)
    {
        if (file is null && text is null)
        {
            throw new InvalidOperationException(
                "Set GATEHOUSE_KEK_FILE to a file with a key-encryption key for certificates' private keys: make one with `openssl rand -base64 32`, keep a copy apart from the database's backups, and give it to every API host.");
        }
        try
        {
            return KeyRingSource.Open(file, text);
        }
        catch (KeyRingException e)
        {
            throw new InvalidOperationException(e.Message, e);
        }
    }

    private static bool ReadVerification(string? value) => value switch
    {
        null or "required" => true,
        "off" => false,
        _ => throw new InvalidOperationException("GATEHOUSE_HOSTNAME_VERIFICATION is 'required' or 'off'."),
    };

    /// <summary><c>pool=token,pool=token</c>.</summary>
    private static Dictionary<string, Secret> ReadCredentials(string? value)
    {
        var credentials = new Dictionary<string, Secret>(StringComparer.Ordinal);
        foreach (var pair in (value ?? "").Split(',', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries))
        {
            var separator = pair.IndexOf('=', StringComparison.Ordinal);
            if (separator < 1 || separator == pair.Length - 1)
                throw new InvalidOperationException("GATEHOUSE_DATAPLANE_CREDENTIALS is pool=token,pool=token.");
            credentials[pair[..separator]] = new Secret(pair[(separator + 1)..]);
        }
        return credentials;
    }
}
