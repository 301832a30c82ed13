using System.Text;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;

namespace Gatehouse.Portal.Certificates;

/// <summary>What somebody dropped or pasted: PEM blocks of any files together, or a PKCS#12 file.</summary>
internal sealed partial class KeyMaterial
{
    private readonly List<string> certificates = [];
    private string? privateKey;
    private byte[]? pkcs12;

    public bool IsEmpty => certificates.Count == 0 && privateKey is null && pkcs12 is null;

    /// <summary>Whether it can be sent.</summary>
    public bool IsComplete => pkcs12 is not null || (certificates.Count > 0 && privateKey is not null);

    /// <summary>What is there, in words.</summary>
    public string Summary => pkcs12 is not null
        ? $"A PFX file of {pkcs12.Length:N0} bytes."
        : (certificates.Count, privateKey) switch
        {
            (0, null) => "Nothing yet.",
            (0, _) => "A private key; the certificate is missing.",
            (1, null) => "One certificate; its private key is missing.",
            (var count, null) => $"{count} certificates; the private key is missing.",
            (1, _) => "One certificate and its private key.",
            (var count, _) => $"{count} certificates and a private key.",
        };

    /// <summary>Takes a file.</summary>
    /// <returns>Why it is of no use; null: it is.</returns>
    public string? Add(string name, byte[] content)
    {
        var text = Encoding.Latin1.GetString(content);
        if (text.Contains("-----BEGIN ", StringComparison.Ordinal))
            return AddText(text) ? null : $"{name} holds neither a certificate nor a private key.";
        // DER: a sequence. A certificate alone in DER is rare, and the API says what it found.
        if (content is not [0x30, ..])
            return $"{name} is neither PEM nor a PFX file.";
        pkcs12 = content;
        return null;
    }

    /// <summary>Takes PEM text; what is not a certificate or key is passed over.</summary>
    public bool AddText(string text)
    {
        var found = false;
        foreach (Match block in Blocks().Matches(text))
        {
            var isKey = block.Groups[1].Value.EndsWith("PRIVATE KEY", StringComparison.Ordinal);
            if (isKey)
                privateKey = block.Value;
            else if (block.Groups[1].Value == "CERTIFICATE" && !certificates.Contains(block.Value))
                certificates.Add(block.Value);
            else
                continue;
            found = true;
        }
        return found;
    }

    /// <summary>The spec to send.</summary>
    public JsonObject Spec(string passphrase)
    {
        var spec = pkcs12 is null
            ? new JsonObject { ["certificate"] = string.Join('\n', certificates), ["privateKey"] = privateKey }
            : new JsonObject { ["pkcs12"] = Convert.ToBase64String(pkcs12) };
        if (passphrase.Length > 0)
            spec["passphrase"] = passphrase;
        return spec;
    }

    [GeneratedRegex(@"-----BEGIN ([A-Z0-9 ]+)-----(?:(?!-----)[\s\S])+-----END \1-----")]
    private static partial Regex Blocks();
}
