using System.Buffers.Text;
using System.Security.Cryptography;
using System.Text;

namespace Gatehouse.Api.Access;

/// <summary>Random tokens of 256 bits; only their SHA-256 is stored. The prefix lets people and secret scanners see what leaked.</summary>
internal static class OpaqueToken
{
    public const string ApiPrefix = "gh_";
    public const string SessionPrefix = "ghs_";

    public static string Create(string prefix) => prefix + Base64Url.EncodeToString(RandomNumberGenerator.GetBytes(32));

    public static byte[] Hash(string token) => SHA256.HashData(Encoding.UTF8.GetBytes(token));

    /// <summary>Compares without telling by its duration where the two differ.</summary>
    public static bool Matches(byte[] left, byte[] right) => CryptographicOperations.FixedTimeEquals(left, right);
}
