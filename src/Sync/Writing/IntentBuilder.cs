using System.Buffers;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using Gatehouse.Control.Clusters;
using Gatehouse.Gateway.Projection;
using Gatehouse.Persistence.PrivateKeys;
using Gatehouse.Sync.Observing;
using Gatehouse.Sync.Planning;

namespace Gatehouse.Sync.Writing;

/// <summary>Makes the bytes that are applied: weights that others move are put in, and private keys, which exist here for that moment only.</summary>
internal sealed class IntentBuilder(IClusterStore store)
{
    /// <summary>The intent of an object.</summary>
    public async Task<Intent> BuildAsync(ProjectedObject desired, ObservedObject? observed, CancellationToken cancellationToken)
    {
        var manifest = desired.Manifest;
        if (desired.ExternalWeights && observed is not null)
        {
            // Refused if the weights move between reading and writing: then they are read again.
            manifest = Weights.ReadBack(manifest, observed.Json);
            manifest["metadata"]!["resourceVersion"] = observed.ResourceVersion;
        }
        if (desired.PrivateKeyOf is not { } certificate)
            return Intent.Of(manifest);
        if (ObjectPlanner.WantedFingerprint(desired) is not { } fingerprint)
            return Intent.Not($"The Secret of Certificate {certificate.Name} does not say which private key it wants.");
        try
        {
            var keys = await store.PrivateKeysAsync([new CertificateKeyWanted(certificate, fingerprint)], cancellationToken);
            return keys.TryGetValue(certificate, out var pkcs8)
                ? Intent.WithPrivateKey(manifest, pkcs8)
                : Intent.Not($"The private key of Certificate {certificate.Name} is missing or belongs to another certificate: upload it again.");
        }
        catch (UnreadableKeyException)
        {
            return Intent.Not($"The private key of Certificate {certificate.Name} cannot be decrypted: give the worker the key-encryption key that it lies under.");
        }
    }

    /// <summary>An intent that claims no field.</summary>
    public static Intent Empty(ProjectedObject desired)
    {
        var metadata = new JsonObject { ["name"] = desired.Id.Name };
        if (desired.Id.Namespace is { } ns)
            metadata["namespace"] = ns;
        return Intent.Of(new JsonObject { ["apiVersion"] = desired.Id.ApiVersion, ["kind"] = desired.Id.Kind, ["metadata"] = metadata });
    }
}

/// <summary>What is sent. Disposing overwrites it.</summary>
internal sealed class Intent : IDisposable
{
    private static readonly byte[] Placeholder = "\"gatehouse.dev/tls.key\""u8.ToArray();

    private readonly byte[] _bytes;

    private Intent(byte[] bytes, string? problem) => (_bytes, Problem) = (bytes, problem);

    /// <summary>JSON.</summary>
    public ReadOnlyMemory<byte> Bytes => _bytes;

    /// <summary>Why nothing can be sent, and who must act; null: nothing is wrong.</summary>
    public string? Problem { get; }

    public static Intent Of(JsonObject manifest) => new(Serialize(manifest), null);

    public static Intent Not(string problem) => new([], problem);

    /// <summary>Puts a private key into a Secret's manifest; the key given is overwritten. No string ever holds it.</summary>
    public static Intent WithPrivateKey(JsonObject manifest, byte[] pkcs8)
    {
        var clone = (JsonObject)manifest.DeepClone();
        if (clone["data"] is not JsonObject data)
            clone["data"] = data = [];
        data["tls.key"] = "gatehouse.dev/tls.key";
        var template = Serialize(clone);
        var at = template.AsSpan().IndexOf(Placeholder);
        var characters = PemEncoding.Write("PRIVATE KEY", pkcs8);
        var pem = new byte[characters.Length + 1];
        try
        {
            Encoding.ASCII.GetBytes(characters, pem);
            pem[^1] = (byte)'\n';
            var length = System.Buffers.Text.Base64.GetMaxEncodedToUtf8Length(pem.Length);
            var bytes = new byte[template.Length - Placeholder.Length + length + 2];
            template.AsSpan(0, at).CopyTo(bytes);
            bytes[at] = (byte)'"';
            var status = System.Buffers.Text.Base64.EncodeToUtf8(pem, bytes.AsSpan(at + 1, length), out _, out _);
            if (status != OperationStatus.Done)
                throw new InvalidOperationException("Base64 did not fit.");
            bytes[at + 1 + length] = (byte)'"';
            template.AsSpan(at + Placeholder.Length).CopyTo(bytes.AsSpan(at + length + 2));
            return new Intent(bytes, null);
        }
        finally
        {
            CryptographicOperations.ZeroMemory(pkcs8);
            CryptographicOperations.ZeroMemory(pem);
            Array.Clear(characters);
        }
    }

    public void Dispose() => CryptographicOperations.ZeroMemory(_bytes);

    private static byte[] Serialize(JsonObject manifest) => JsonSerializer.SerializeToUtf8Bytes<JsonNode>(manifest);
}
