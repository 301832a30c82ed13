using System.Buffers;

namespace Gatehouse.DataPlane.Challenges;

/// <summary>What challenges are written with.</summary>
internal static class ChallengeText
{
    /// <summary>Characters of tokens: base64url without padding (RFC 8555 §8).</summary>
    public static readonly SearchValues<char> Token = SearchValues.Create("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_");
}
