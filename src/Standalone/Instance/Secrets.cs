using System.Security.Cryptography;
using System.Text.Json;
using System.Text.Json.Serialization;

namespace Gatehouse.Standalone.Instance;

/// <summary>What was drawn at the first start and is needed at every further one. Lies in a file that only its owner can read.</summary>
internal sealed record Secrets
{
    public required string PostgresPassword { get; init; }

    public required string MigratorPassword { get; init; }

    public required string AppPassword { get; init; }

    public required string CompilerPassword { get; init; }

    /// <summary>What the data plane shows to the config feed.</summary>
    public required string DataPlaneCredential { get; init; }

    /// <summary>Bootstrap API token, unless one is given.</summary>
    public required string AdminToken { get; init; }

    /// <summary>Password that the first user gets when it is made.</summary>
    public required string AdminPassword { get; init; }

    /// <summary>Whether this start drew them.</summary>
    [JsonIgnore]
    public bool AreFresh { get; private init; }

    public static Secrets Load(string file)
    {
        try
        {
            if (File.Exists(file))
                return JsonSerializer.Deserialize<Secrets>(File.ReadAllBytes(file))!;
            var fresh = Draw();
            SecretFile.Write(file, JsonSerializer.SerializeToUtf8Bytes(fresh));
            return fresh with { AreFresh = true };
        }
        catch (Exception e) when (e is JsonException or IOException or UnauthorizedAccessException)
        {
            throw new StartupFailure($"cannot read or write {file}: {e.Message} Restore it, or choose an empty --data-dir.", e);
        }
    }

    public override string ToString() => nameof(Secrets);

    private static Secrets Draw() => new()
    {
        PostgresPassword = Random(),
        MigratorPassword = Random(),
        AppPassword = Random(),
        CompilerPassword = Random(),
        DataPlaneCredential = Random(),
        AdminToken = "gh_" + Random(),
        AdminPassword = RandomNumberGenerator.GetString("abcdefghijkmnpqrstuvwxyzABCDEFGHJKLMNPQRSTUVWXYZ23456789", 18) + "-a1",
    };

    private static string Random() => Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(24));
}
