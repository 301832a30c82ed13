using System.Buffers.Text;
using System.Text;
using System.Text.Json;

namespace Gatehouse.Api.Lists;

/// <summary>Opaque token for the page after a key. It holds no more than its reader could see anyway, so it is not signed.</summary>
internal static class ContinueToken
{
    private const int MaxLength = 1024;

    /// <summary>Token for what follows <paramref name="key"/> in the list named <paramref name="list"/>.</summary>
    public static string After(string list, string key) =>
        Base64Url.EncodeToString(JsonSerializer.SerializeToUtf8Bytes(new[] { list, key }));

    /// <summary>Reads the key; a token of another list is refused.</summary>
    public static bool TryRead(string list, string token, out string key)
    {
        key = "";
        if (token.Length > MaxLength || !Base64Url.IsValid(token))
            return false;
        try
        {
            var bytes = Base64Url.DecodeFromChars(token);
            if (JsonSerializer.Deserialize<string[]>(bytes) is not [var named, { Length: > 0 } after] || named != list)
                return false;
            key = after;
            return after.All(static c => c >= ' ');
        }
        catch (Exception exception) when (exception is JsonException or FormatException or DecoderFallbackException)
        {
            return false;
        }
    }
}
