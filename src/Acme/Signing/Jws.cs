using System.Buffers.Text;
using System.Text;
using System.Text.Json.Nodes;

namespace Gatehouse.Acme.Signing;

/// <summary>Signed requests: flattened JSON serialization (RFC 7515 section 7.2.2; RFC 8555 section 6.2).</summary>
internal static class Jws
{
    /// <summary>A request in the name of an account.</summary>
    public static string ByAccount(IJwsSigner signer, Uri account, Uri url, string nonce, string payload) =>
        Signed(Header(signer.Algorithm, url, nonce, ("kid", account.OriginalString)), payload, signer.Sign);

    /// <summary>A request that brings its key along: newAccount, and revocation by the certificate's key.</summary>
    public static string ByKey(IJwsSigner signer, Uri url, string nonce, string payload) =>
        Signed(Header(signer.Algorithm, url, nonce, ("jwk", signer.Jwk())), payload, signer.Sign);

    /// <summary>The new key's word inside a key change (RFC 8555 section 7.3.5): without a nonce.</summary>
    public static JsonNode KeyChange(IJwsSigner next, IJwsSigner old, Uri account, Uri url)
    {
        var payload = new JsonObject { ["account"] = account.OriginalString, ["oldKey"] = old.Jwk() };
        return JsonNode.Parse(Signed(Header(next.Algorithm, url, null, ("jwk", next.Jwk())), payload.ToJsonString(), next.Sign))!;
    }

    /// <summary>The word of the external account's key for the account's key (RFC 8555 section 7.3.4).</summary>
    public static JsonNode Binding(ExternalAccountBinding binding, IJwsSigner account, Uri url) =>
        JsonNode.Parse(Signed(Header("HS256", url, null, ("kid", binding.KeyId)), account.Jwk().ToJsonString(), binding.Sign))!;

    private delegate byte[] SignData(ReadOnlySpan<byte> data);

    private static JsonObject Header(string algorithm, Uri url, string? nonce, (string Name, JsonNode Value) identity)
    {
        var header = new JsonObject { ["alg"] = algorithm, [identity.Name] = identity.Value, ["url"] = url.AbsoluteUri };
        if (nonce is not null)
            header["nonce"] = nonce;
        return header;
    }

    private static string Signed(JsonObject header, string payload, SignData sign)
    {
        var protectedPart = Base64Url.EncodeToString(Encoding.UTF8.GetBytes(header.ToJsonString()));
        var payloadPart = Base64Url.EncodeToString(Encoding.UTF8.GetBytes(payload));
        var signature = sign(Encoding.ASCII.GetBytes($"{protectedPart}.{payloadPart}"));
        return new JsonObject { ["protected"] = protectedPart, ["payload"] = payloadPart, ["signature"] = Base64Url.EncodeToString(signature) }.ToJsonString();
    }
}
