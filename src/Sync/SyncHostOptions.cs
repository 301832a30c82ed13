using Gatehouse.ServiceDefaults;

namespace Gatehouse.Sync;

/// <summary>Settings of the sync host.</summary>
public sealed record SyncHostOptions
{
    /// <summary>Where health is answered, such as <c>http://127.0.0.1:5082</c>; port 0 takes a free one.</summary>
    public string Url { get; init; } = "http://127.0.0.1:5082";

    /// <summary>Connection string of a login with the role <c>compiler</c>.</summary>
    public required Secret CompilerDatabase { get; init; }

    /// <summary>Reads GATEHOUSE_SYNC and GATEHOUSE_DATABASE_COMPILER.</summary>
    /// <exception cref="InvalidOperationException">A setting is missing; the message names it.</exception>
    public static SyncHostOptions Read(IConfiguration configuration) => new()
    {
        Url = configuration["GATEHOUSE_SYNC"] is { Length: > 0 } url ? url : "http://127.0.0.1:5082",
        CompilerDatabase = Secret.OfNullable(configuration["GATEHOUSE_DATABASE_COMPILER"])
            ?? throw new InvalidOperationException("Set GATEHOUSE_DATABASE_COMPILER to the connection string of the login gatehouse_compiler."),
    };
}
