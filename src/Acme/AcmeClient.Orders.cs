using System.Buffers.Text;
using System.Text.Json.Nodes;
using Gatehouse.Acme.Transport;

namespace Gatehouse.Acme;

/// <content>Orders and authorizations.</content>
public sealed partial class AcmeClient
{
    private const int MostNames = 100;
    private const int LongestName = 253;

    /// <summary>Orders a certificate (RFC 8555 section 7.4). The authority may answer with an order that exists already, in any status.</summary>
    /// <param name="names">DNS names, lower-case ASCII; a wildcard is <c>*.example.com</c>.</param>
    /// <param name="replaces">
    /// Identifier of the certificate that this one takes the place of (<see cref="RenewalInfo.CertificateId"/>; RFC 9773 section 5), of the same
    /// authority. It is left out where the authority has no renewal information, or says that the certificate was replaced already.
    /// </param>
    /// <param name="cancellationToken">Ends it.</param>
    public async Task<AcmeOrder> NewOrderAsync(IReadOnlyList<string> names, string? replaces = null, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(names);
        if (names.Count is 0 or > MostNames || names.Any(name => name.Length is 0 or > LongestName || !name.All(char.IsAscii)))
            throw new ArgumentException("An order has 1 to 100 names in ASCII.", nameof(names));
        var known = replaces is not null && (await GetDirectoryAsync(cancellationToken)).HasRenewalInfo ? replaces : null;
        try
        {
            return await OrderAsync(names, known, cancellationToken);
        }
        catch (AcmeException already) when (known is not null && already.Kind is AcmeErrorKind.AlreadyReplaced)
        {
            return await OrderAsync(names, null, cancellationToken);
        }
        catch (AcmeException refusal) when (refusal.Kind is AcmeErrorKind.Unauthorized)
        {
            await RefuseClosedAccountAsync(cancellationToken);
            throw;
        }
    }

    /// <summary>Reads an order.</summary>
    public async Task<AcmeOrder> GetOrderAsync(Uri order, CancellationToken cancellationToken = default) =>
        _reader.Order(await ReadAsync(order, cancellationToken), order);

    /// <summary>Reads an authorization.</summary>
    public async Task<AcmeAuthorization> GetAuthorizationAsync(Uri authorization, CancellationToken cancellationToken = default) =>
        _reader.Authorization(await ReadAsync(authorization, cancellationToken));

    /// <summary>Tells the authority that a challenge can be looked at (RFC 8555 section 7.5.1).</summary>
    public async Task<AcmeChallenge> RespondAsync(AcmeChallenge challenge, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(challenge);
        return _reader.Challenge(await PostAsync(challenge.Url, [], cancellationToken));
    }

    /// <summary>Waits until an authorization is valid. An outage of the authority is waited for as well.</summary>
    /// <param name="authorization">Its address.</param>
    /// <param name="timeout">How long; then, or where the authority wants to be left alone for longer, <see cref="AcmeErrorKind.TimedOut"/>.</param>
    /// <param name="cancellationToken">Ends it.</param>
    /// <exception cref="AcmeException">
    /// It is not valid: of the kind of the failed challenge's problem, or <see cref="AcmeErrorKind.Ended"/> without one.
    /// </exception>
    public Task<AcmeAuthorization> WaitForAuthorizationAsync(Uri authorization, TimeSpan timeout, CancellationToken cancellationToken = default) =>
        _polling.UntilAsync(
            async token =>
            {
                var answer = await ReadAsync(authorization, token);
                return (_reader.Authorization(answer), answer.RetryAfter);
            },
            read => read.Status switch
            {
                AcmeAuthorizationStatus.Valid => true,
                AcmeAuthorizationStatus.Pending => false,
                _ => throw AcmeErrors.Ended("authorization", read.Challenges.FirstOrDefault(challenge => challenge.Error is not null)?.Error),
            },
            timeout,
            cancellationToken);

    /// <summary>Gives an authorization up (RFC 8555 section 7.5.2), pending or valid.</summary>
    public async Task DeactivateAuthorizationAsync(Uri authorization, CancellationToken cancellationToken = default) =>
        await PostAsync(authorization, new JsonObject { ["status"] = "deactivated" }, cancellationToken);

    /// <summary>Has a certificate issued for an order that is ready. The order that comes back may still be processed.</summary>
    /// <param name="order">The order.</param>
    /// <param name="csr">A signing request for the order's names, DER.</param>
    /// <param name="cancellationToken">Ends it.</param>
    public async Task<AcmeOrder> FinalizeAsync(AcmeOrder order, byte[] csr, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(order);
        var answer = await PostAsync(order.Finalize, new JsonObject { ["csr"] = Base64Url.EncodeToString(csr) }, cancellationToken);
        return _reader.Order(answer, order.Url);
    }

    /// <summary>Waits until an order has one of some statuses, or is valid. An outage of the authority is waited for as well.</summary>
    /// <param name="order">Its address.</param>
    /// <param name="wanted">Statuses.</param>
    /// <param name="timeout">How long; then, or where the authority wants to be left alone for longer, <see cref="AcmeErrorKind.TimedOut"/>.</param>
    /// <param name="cancellationToken">Ends it.</param>
    /// <exception cref="AcmeException">It is invalid and that is not wanted: of the kind of its problem, or <see cref="AcmeErrorKind.Ended"/> without one.</exception>
    public Task<AcmeOrder> WaitForOrderAsync(
        Uri order, IReadOnlyCollection<AcmeOrderStatus> wanted, TimeSpan timeout, CancellationToken cancellationToken = default) =>
        _polling.UntilAsync(
            async token =>
            {
                var answer = await ReadAsync(order, token);
                return (_reader.Order(answer, order), answer.RetryAfter);
            },
            read => wanted.Contains(read.Status) || read.Status switch
            {
                AcmeOrderStatus.Valid => true,
                AcmeOrderStatus.Invalid => throw AcmeErrors.Ended("order", read.Error),
                _ => false,
            },
            timeout,
            cancellationToken);

    private async Task<AcmeOrder> OrderAsync(IReadOnlyList<string> names, string? replaces, CancellationToken cancellationToken)
    {
        var payload = new JsonObject
        {
            ["identifiers"] = new JsonArray([.. names.Select(name => new JsonObject { ["type"] = "dns", ["value"] = name })]),
        };
        if (replaces is not null)
            payload["replaces"] = replaces;
        var answer = await _session.AtEndpointAsync(directory => directory.NewOrder, url => PostAsync(url, payload, cancellationToken), cancellationToken);
        return _reader.Order(answer, LocationOf(answer));
    }
}
