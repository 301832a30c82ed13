using System.Buffers.Text;
using System.Security.Cryptography.X509Certificates;
using System.Text.Json.Nodes;
using Gatehouse.Acme.Answers;
using Gatehouse.Acme.Transport;

namespace Gatehouse.Acme;

/// <content>Certificates that were issued.</content>
public sealed partial class AcmeClient
{
    private static readonly TimeSpan UsualCheck = TimeSpan.FromHours(6);
    private static readonly TimeSpan SoonestCheck = TimeSpan.FromMinutes(1);
    private static readonly TimeSpan LatestCheck = TimeSpan.FromDays(1);

    /// <summary>Downloads a certificate with its intermediates (RFC 8555 section 7.4.2).</summary>
    /// <param name="certificate">Its address, from the order.</param>
    /// <param name="preferredRoot">
    /// Common name of the root that the chain is to lead to; the authority's default chain where it has no such one. Null: the default chain.
    /// </param>
    /// <param name="cancellationToken">Ends it.</param>
    public async Task<AcmeChain> DownloadAsync(Uri certificate, string? preferredRoot = null, CancellationToken cancellationToken = default)
    {
        var (usual, alternates) = await ChainAsync(certificate, cancellationToken);
        if (preferredRoot is null || usual.Root == preferredRoot)
            return usual;
        var roots = new List<string> { usual.Root };
        foreach (var alternate in alternates)
        {
            var (other, _) = await ChainAsync(_urls.Check(alternate, "Link", certificate), cancellationToken);
            roots.Add(other.Root);
            if (other.Root == preferredRoot)
                return other with { AvailableRoots = roots };
        }
        return usual with { AvailableRoots = roots };
    }

    /// <summary>Revokes a certificate of this account, or of names for which it has authorizations (RFC 8555 section 7.6).</summary>
    /// <param name="certificate">The certificate, DER.</param>
    /// <param name="reason">Why, as a number of RFC 5280 section 5.3.1; null: it is not said.</param>
    /// <param name="cancellationToken">Ends it.</param>
    public Task RevokeAsync(byte[] certificate, int? reason = null, CancellationToken cancellationToken = default) =>
        RevokeAsync(certificate, reason, AsAccount(), cancellationToken);

    /// <summary>Revokes a certificate by its own key; no account is needed.</summary>
    /// <param name="certificate">The certificate, DER.</param>
    /// <param name="key">Its key.</param>
    /// <param name="reason">Why, as a number of RFC 5280 section 5.3.1; null: it is not said.</param>
    /// <param name="cancellationToken">Ends it.</param>
    public Task RevokeAsync(byte[] certificate, CertificateKey key, int? reason = null, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(key);
        return RevokeAsync(certificate, reason, AcmeSession.WithKey(key), cancellationToken);
    }

    /// <summary>
    /// When the authority wants a certificate renewed (RFC 9773); null: it does not say, or does not know the certificate. No account is needed.
    /// </summary>
    public async Task<RenewalInfo?> GetRenewalInfoAsync(X509Certificate2 certificate, CancellationToken cancellationToken = default)
    {
        if (RenewalInfo.CertificateId(certificate) is not { } id || !(await GetDirectoryAsync(cancellationToken)).HasRenewalInfo)
            return null;
        try
        {
            var answer = await _session.AtEndpointAsync(
                directory => directory.RenewalInfo,
                url => _session.GetAsync(new Uri($"{url.AbsoluteUri.TrimEnd('/')}/{id}"), cancellationToken),
                cancellationToken);
            return AnswerReader.RenewalInfo(answer, CheckAfter(answer.RetryAfter));
        }
        catch (AcmeException unknown) when (unknown.Kind is AcmeErrorKind.NotFound or AcmeErrorKind.Malformed or AcmeErrorKind.Unsupported)
        {
            return null;
        }
    }

    private DateTimeOffset CheckAfter(DateTimeOffset? retryAfter)
    {
        var now = _clock.GetUtcNow();
        var wait = retryAfter is { } time ? time - now : UsualCheck;
        return now + (wait < SoonestCheck ? SoonestCheck : wait > LatestCheck ? LatestCheck : wait);
    }

    private Task<Answer> RevokeAsync(byte[] certificate, int? reason, AcmeSession.Sign sign, CancellationToken cancellationToken)
    {
        var payload = new JsonObject { ["certificate"] = Base64Url.EncodeToString(certificate) };
        if (reason is not null)
            payload["reason"] = reason;
        return _session.AtEndpointAsync(
            directory => directory.RevokeCertificate, url => _session.PostAsync(url, payload.ToJsonString(), sign, cancellationToken), cancellationToken);
    }

    private async Task<(AcmeChain Chain, IReadOnlyList<string> Alternates)> ChainAsync(Uri url, CancellationToken cancellationToken)
    {
        var answer = await _session.PostAsync(url, "", AsAccount(), cancellationToken, ChainReader.MediaType, AcmeTransport.MaxChain);
        return (ChainReader.Read(answer.Body), answer.Alternates);
    }
}
