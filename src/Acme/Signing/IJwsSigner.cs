using System.Text.Json.Nodes;

namespace Gatehouse.Acme.Signing;

/// <summary>A key that signs requests.</summary>
internal interface IJwsSigner
{
    /// <summary>Name of its algorithm (RFC 7518 section 3.1).</summary>
    string Algorithm { get; }

    /// <summary>The public key (RFC 7517).</summary>
    JsonObject Jwk();

    /// <summary>A signature over the SHA-256 or SHA-384 of some bytes.</summary>
    byte[] Sign(ReadOnlySpan<byte> data);
}
