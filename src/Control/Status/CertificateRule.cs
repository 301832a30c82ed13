using Gatehouse.Contracts.Feed;
using Gatehouse.Control.Replicas;
using Gatehouse.Gateway.Matching;

namespace Gatehouse.Control.Status;

/// <summary>Whether a replica has a certificate for a listener that ends TLS.</summary>
internal static class CertificateRule
{
    private const string NoCertificate = "NoCertificate";

    /// <summary>Null: it has one, or needs none.</summary>
    public static Verdict? Of(ListenerEntry listener, ReplicaState replica)
    {
        if (listener.Tls is not { Passthrough: false } tls)
            return null;
        if (tls.Certificates.Count == 0)
            return Verdict.False(NoCertificate, $"Listener `{listener.Id}` has no certificate that can be used, so handshakes are refused.", final: true);
        var refusals = replica.Refusals.Where(refusal => refusal.Table == FeedEntry.Certificates && tls.Certificates.Contains(refusal.Key)).DistinctBy(refusal => refusal.Key).ToList();
        return refusals.Count < tls.Certificates.Distinct().Count()
            ? null
            : Verdict.False(NoCertificate, $"Data plane `{replica.Replica}` cannot use certificate `{refusals[0].Key}` of listener `{listener.Id}`: {refusals[0].Reason}.");
    }
}
