using Gatehouse.Control.PrivateKeys;
using Gatehouse.Gateway.Matching;

namespace Gatehouse.Control.Feed;

/// <summary>The private keys that one connection gets: all of its certificates', if nobody else can read the connection.</summary>
internal sealed class FeedKeys(PrivateKeyReader reader, bool isPrivate)
{
    private const string NotPrivate =
        "the config feed runs over neither TLS nor loopback, so no private key is sent: a platform admin must give the data plane an https:// feed";

    /// <summary>Certificates that were sent without a key that may be had later.</summary>
    public HashSet<string> Owed { get; } = new(StringComparer.Ordinal);

    /// <summary>Reads the keys that go with certificates; the caller disposes them once they are written.</summary>
    public async Task<PrivateKeyBatch> ReadAsync(IReadOnlyCollection<CertificateEntry> certificates, CancellationToken cancellationToken)
    {
        if (isPrivate)
        {
            var batch = await reader.ReadAsync(certificates, cancellationToken);
            foreach (var certificate in certificates)
            {
                if (batch.KeyOf(certificate.Key) is null)
                    Owed.Add(certificate.Key);
                else
                    Owed.Remove(certificate.Key);
            }
            return batch;
        }
        var none = new PrivateKeyBatch();
        foreach (var certificate in certificates)
            none.Refuse(certificate.Key, NotPrivate);
        return none;
    }
}
