using Gatehouse.Control.Clusters;
using Gatehouse.Control.Compiling;
using Gatehouse.Gateway.Compilation;
using Gatehouse.Persistence.PrivateKeys;
using Gatehouse.ServiceDefaults;

namespace Gatehouse.Sync;

/// <summary>Settings of the sync host.</summary>
public sealed record SyncHostOptions
{
    /// <summary>Where health is answered, such as <c>http://127.0.0.1:5082</c>; port 0 takes a free one.</summary>
    public string Url { get; init; } = "http://127.0.0.1:5082";

    /// <summary>Connection string of a login with the role <c>compiler</c>.</summary>
    public required Secret CompilerDatabase { get; init; }

    /// <summary>Settings of the compiler; the same ones as the API's.</summary>
    public CompilerOptions Compiler { get; init; } = new();

    /// <summary>A compile host of the same process to follow; null: one of its own.</summary>
    public CompileHost? CompileHost { get; init; }

    /// <summary>The cluster store that belongs to <see cref="CompileHost"/>; null where that is.</summary>
    public IClusterStore? ClusterStore { get; init; }

    /// <summary>KEKs that decrypt kubeconfigs and the private keys that become Secrets; not needed with a <see cref="ClusterStore"/>, which has them.</summary>
    public KeyRingSource Keys { get; init; } = KeyRingSource.None;

    /// <summary>Reads GATEHOUSE_SYNC, GATEHOUSE_DATABASE_COMPILER, GATEHOUSE_HOSTNAME_VERIFICATION, GATEHOUSE_KEK_FILE and GATEHOUSE_KEK.</summary>
    /// <exception cref="InvalidOperationException">A setting is missing or wrong; the message names it.</exception>
    public static SyncHostOptions Read(IConfiguration configuration) => new()
    {
        Url = configuration["GATEHOUSE_SYNC"] is { Length: > 0 } url ? url : "http://127.0.0.1:5082",
        CompilerDatabase = Secret.OfNullable(configuration["GATEHOUSE_DATABASE_COMPILER"])
            ?? throw new InvalidOperationException("Set GATEHOUSE_DATABASE_COMPILER to the connection string of the login gatehouse_compiler."),
        Compiler = new CompilerOptions
        {
            HostnameVerification = configuration["GATEHOUSE_HOSTNAME_VERIFICATION"] switch
            {
                null or "" or "required" => true,
                "off" => false,
                _ => throw new InvalidOperationException("GATEHOUSE_HOSTNAME_VERIFICATION is 'required' or 'off'."),
            },
        },
        Keys = ReadKeys(Optional(configuration, "GATEHOUSE_KEK_FILE"), Optional(configuration, "GATEHOUSE_KEK")),
    };

    private static string? Optional(IConfiguration configuration, string name) => configuration[name] is { Length: > 0 } value ? value : null;

    /// <summary>Without any, clusters whose kubeconfig was uploaded cannot be reached; their status says so.</summary>
    private static KeyRingSource ReadKeys(string? file, string? text)
    {
        try
        {
            return KeyRingSource.Open(file, text);
        }
        catch (KeyRingException e)
        {
            throw new InvalidOperationException(e.Message, e);
        }
    }
}
