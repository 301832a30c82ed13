using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using Gatehouse.Acme;
using Gatehouse.Contracts.Api;
using Gatehouse.Gateway.Resources;
using Gatehouse.Issuance.Authorities;
using Gatehouse.Persistence.PrivateKeys;

namespace Gatehouse.Issuance.Certificates;

/// <summary>
/// Has one certificate issued, from the preflight to the stored certificate. Every step is noted before the next one, so a process that takes
/// over goes on with the same order and the same private key.
/// </summary>
internal sealed class OrderRun(
    IssuanceBook book, AuthorityClients authorities, OrderBudget budget, Preflight preflight, ChallengeAnswers answers, ChallengeRecords records, SelfCheck selfCheck,
    ManagedCertificates certificates, KeyRingSource keys)
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(100);

    /// <summary>Runs it.</summary>
    /// <param name="state">How far it is.</param>
    /// <param name="spec">The Hostname's spec.</param>
    /// <param name="need">What serves it.</param>
    /// <param name="authority">Who is asked.</param>
    /// <param name="replaces">The certificate that is renewed; null: the first one.</param>
    /// <param name="cancellationToken">Ends it.</param>
    /// <returns>The state with nothing of the order left.</returns>
    public async Task<IssuanceState> RunAsync(
        IssuanceState state, HostnameSpec spec, CertificateNeed need, AuthorityOptions authority, X509Certificate2? replaces, CancellationToken cancellationToken)
    {
        var holder = new Holder(state with { Issuer = authority.Name });
        try
        {
            await RunAsync(holder, spec, need, authority, replaces, cancellationToken);
            return holder.State.WithoutOrder();
        }
        catch (AcmeException failure)
        {
            // What an authority says to a key that is the account's no more says nothing of the order.
            if (holder.Client is { } client && !failure.IsOutage && await authorities.IsOutdatedAsync(authority, client, cancellationToken))
            {
                throw new OrderFailedException(holder.State, new IssuanceFailure(FailureKind.Transient, new HostnameProblem(
                    "AccountKeyReplaced", "Nobody", "The platform's account key was replaced while the order was under way.", "Nothing: it goes on with the new one.")) { EndsOrder = false });
            }
            if (failure.Kind == AcmeErrorKind.AccountGone)
                await authorities.ForgetAsync(authority, cancellationToken);
            throw new OrderFailedException(holder.State, IssuanceFailure.Of(authority.Name, failure));
        }
        catch (IssuanceFailure failure)
        {
            throw new OrderFailedException(holder.State, failure);
        }
        catch (UnreadableKeyException failure)
        {
            throw new OrderFailedException(holder.State, new IssuanceFailure(FailureKind.Authority, new HostnameProblem(
                "KeyUnreadable", "Platform", $"The platform's account key cannot be read: {failure.Message}.", "A platform admin must configure the key-encryption key again.")) { EndsOrder = false });
        }
    }

    /// <summary>An order that was begun is not gone on with: the data planes answer for it no longer.</summary>
    public Task AbandonAsync(IssuanceState state, CancellationToken cancellationToken) => answers.ClearAsync(state, cancellationToken);

    private async Task RunAsync(Holder holder, HostnameSpec spec, CertificateNeed need, AuthorityOptions authority, X509Certificate2? replaces, CancellationToken cancellationToken)
    {
        var isRenewal = IsRenewal(holder, replaces);
        if (holder.State.Order is null)
            Expect(await budget.LookAsync(authority.Directory, holder.State.Row.TenantId, isRenewal, cancellationToken), authority, isRenewal);
        await NoteAsync(holder, "Account", cancellationToken);
        var client = await authorities.OpenAsync(authority, cancellationToken);
        holder.Client = client;
        var directory = await client.GetDirectoryAsync(cancellationToken);
        await NoteAsync(holder, "Preflight", cancellationToken);
        var type = await preflight.ChooseAsync(holder.State, spec, need, directory.CaaIdentities, cancellationToken);
        await NoteAsync(holder, "Order", cancellationToken);
        IReadOnlyList<string> names = [holder.State.Subject];
        var order = await OrderAsync(holder, authority, client, names, replaces, directory.HasRenewalInfo, cancellationToken);
        if (order.Status == AcmeOrderStatus.Pending)
        {
            await NoteAsync(holder, "Challenge", cancellationToken);
            foreach (var authorization in order.Authorizations)
                await AuthorizeAsync(holder, client, authorization, type, need, cancellationToken);
            order = await client.WaitForOrderAsync(order.Url, [AcmeOrderStatus.Ready], Patience, cancellationToken);
        }
        using var key = await KeyAsync(holder, spec, order, cancellationToken);
        if (order.Status == AcmeOrderStatus.Ready)
            order = await client.FinalizeAsync(order, key.Csr(names), cancellationToken);
        if (order.Status != AcmeOrderStatus.Valid)
            order = await client.WaitForOrderAsync(order.Url, [AcmeOrderStatus.Valid], Patience, cancellationToken);
        await NoteAsync(holder, "Download", cancellationToken);
        var chain = await client.DownloadAsync(order.Certificate!, authority.PreferredRoot, cancellationToken);
        ManagedCertificates.Check(chain, key, names, authority.Name);
        await NoteAsync(holder, "Store", cancellationToken);
        await certificates.StoreAsync(holder.State, chain, key, cancellationToken);
    }

    // An order that was begun is gone on with as long as the authority knows it, and its private key is here once it is past the challenges.
    private async Task<AcmeOrder> OrderAsync(
        Holder holder, AuthorityOptions authority, AcmeClient client, IReadOnlyList<string> names, X509Certificate2? certificate, bool hasRenewalInfo, CancellationToken cancellationToken)
    {
        if (holder.State.Order is { } begun && await FindAsync(client, begun, cancellationToken) is { } known)
        {
            // Its challenges are not met again, so what answered them goes now: whoever set it up may have been cut short.
            if (known.Status != AcmeOrderStatus.Pending)
                await SweepAsync(holder, client, known, cancellationToken);
            if (known.Status is AcmeOrderStatus.Pending or AcmeOrderStatus.Ready || (known.Status is AcmeOrderStatus.Processing or AcmeOrderStatus.Valid && holder.State.Key is not null))
                return known;
        }
        holder.State = holder.State with { Order = null, Key = null };
        var isRenewal = IsRenewal(holder, certificate);
        var place = await budget.TakeAsync(authority.Directory, holder.State.Row.TenantId, isRenewal, cancellationToken);
        Expect(place, authority, isRenewal);
        AcmeOrder order;
        try
        {
            order = await NewOrderAsync(client, names, hasRenewalInfo && certificate is not null ? RenewalInfo.CertificateId(certificate) : null, cancellationToken);
        }
        catch (AcmeException failure) when (failure.IsOutage)
        {
            await budget.GiveBackAsync(place, cancellationToken);
            throw;
        }
        holder.State = await book.KeepAsync(holder.State with { Order = order.Url }, cancellationToken);
        return order;
    }

    private static async Task<AcmeOrder> NewOrderAsync(AcmeClient client, IReadOnlyList<string> names, string? replaces, CancellationToken cancellationToken)
    {
        try
        {
            return await client.NewOrderAsync(names, replaces, cancellationToken);
        }
        catch (AcmeException failure) when (replaces is not null && !failure.IsOutage && failure.Kind != AcmeErrorKind.RateLimited)
        {
            // The authority does not know the certificate that is replaced (any more), or it was replaced before: an order like any other.
            return await client.NewOrderAsync(names, null, cancellationToken);
        }
    }

    // One that somebody asked for takes no place from those that are due.
    private static bool IsRenewal(Holder holder, X509Certificate2? certificate) => certificate is not null && holder.State.RenewBecause != RenewalPlan.Asked;

    private static void Expect(BudgetPlace place, AuthorityOptions authority, bool isRenewal)
    {
        if (!place.IsThere)
            throw IssuanceFailure.Of(authority.Name, place, isRenewal, Random.Shared.NextDouble());
    }

    private static async Task<AcmeOrder?> FindAsync(AcmeClient client, Uri order, CancellationToken cancellationToken)
    {
        try
        {
            return await client.GetOrderAsync(order, cancellationToken);
        }
        catch (AcmeException failure) when (!failure.IsOutage && failure.Kind != AcmeErrorKind.RateLimited)
        {
            return null;
        }
    }

    private async Task SweepAsync(Holder holder, AcmeClient client, AcmeOrder order, CancellationToken cancellationToken)
    {
        foreach (var url in order.Authorizations)
        {
            if (await FindAuthorizationAsync(client, url, cancellationToken) is { } authorization)
                await SweepAsync(holder, client, authorization, cancellationToken);
        }
    }

    // By which type it was to be met is not noted.
    private async Task SweepAsync(Holder holder, AcmeClient client, AcmeAuthorization authorization, CancellationToken cancellationToken)
    {
        await answers.ClearAsync(holder.State, cancellationToken);
        if (records.IsPossible(holder.State) && authorization.Challenge(AcmeChallengeTypes.Dns01) is { } challenge)
            await records.ClearAsync(holder.State, client.Key.Dns01Value(challenge.Token), cancellationToken);
    }

    private static async Task<AcmeAuthorization?> FindAuthorizationAsync(AcmeClient client, Uri authorization, CancellationToken cancellationToken)
    {
        try
        {
            return await client.GetAuthorizationAsync(authorization, cancellationToken);
        }
        catch (AcmeException failure) when (!failure.IsOutage && failure.Kind != AcmeErrorKind.RateLimited)
        {
            return null;
        }
    }

    private async Task AuthorizeAsync(Holder holder, AcmeClient client, Uri url, string type, CertificateNeed need, CancellationToken cancellationToken)
    {
        var authorization = await client.GetAuthorizationAsync(url, cancellationToken);
        if (authorization.Status != AcmeAuthorizationStatus.Pending)
        {
            await SweepAsync(holder, client, authorization, cancellationToken);
            if (authorization.Status == AcmeAuthorizationStatus.Valid)
                return;
            throw new IssuanceFailure(FailureKind.Transient, new HostnameProblem("OrderEnded", "Nobody", "The authorization is not open any more.", "Nothing: a new order is made."));
        }
        var challenge = authorization.Challenge(type) ?? throw new IssuanceFailure(FailureKind.Permanent, new HostnameProblem(
            "ChallengeNotOffered", "Platform", $"Certificate authority `{holder.State.Issuer}` offers no {type} for this name.", "Choose another challenge in spec.certificate.challenge, or another authority."));
        var answer = client.Key.KeyAuthorization(challenge.Token);
        var value = client.Key.Dns01Value(challenge.Token);
        try
        {
            if (type == AcmeChallengeTypes.Dns01)
                await records.SetUpAsync(holder.State, value, cancellationToken);
            else
                await answers.SetUpAsync(holder.State, type, challenge.Token, answer, need.Pools, cancellationToken);
            if (type == AcmeChallengeTypes.Http01 && await selfCheck.RunAsync(holder.State.Row.Hostname, challenge.Token, answer, cancellationToken) is { } unreachable)
                throw new IssuanceFailure(FailureKind.Transient, unreachable) { EndsOrder = false };
            holder.State = await book.KeepAsync(holder.State, cancellationToken);
            if (challenge.Status == AcmeChallengeStatus.Pending)
                await client.RespondAsync(challenge, cancellationToken);
            await client.WaitForAuthorizationAsync(url, Patience, cancellationToken);
        }
        finally
        {
            // Also when the work is cut short by a stop; what stays is cleared by the next attempt.
            if (!cancellationToken.IsCancellationRequested)
                await ClearAsync(holder, type, value, cancellationToken);
        }
    }

    private async Task ClearAsync(Holder holder, string type, string value, CancellationToken cancellationToken)
    {
        if (type != AcmeChallengeTypes.Dns01)
        {
            await answers.ClearAsync(holder.State, cancellationToken);
            return;
        }
        // Who took over needs the same value; the zone's server knows nothing of leases.
        holder.State = await book.KeepAsync(holder.State, cancellationToken);
        await records.ClearAsync(holder.State, value, cancellationToken);
    }

    // Noted, encrypted, before the authority gets the request: who takes over has the key of what was issued.
    private async Task<CertificateKey> KeyAsync(Holder holder, HostnameSpec spec, AcmeOrder order, CancellationToken cancellationToken)
    {
        var ring = keys.Current ?? throw new UnreadableKeyException("-", isMissing: true);
        var row = holder.State.Row;
        if (holder.State.Key is { } stored)
        {
            try
            {
                var opened = KeyEnvelope.Open(ring, new PendingKeyIdentity(row.TenantId, row.HostnameId, holder.State.KeyVersion), stored);
                try
                {
                    return CertificateKey.Import(opened);
                }
                finally
                {
                    CryptographicOperations.ZeroMemory(opened);
                }
            }
            catch (UnreadableKeyException) when (order.Status == AcmeOrderStatus.Ready)
            {
                // Under a KEK that is gone: another one is drawn.
            }
        }
        var key = CertificateKey.Create(KindOf(spec.Certificate?.KeyType));
        var pkcs8 = key.ExportPkcs8();
        var version = holder.State.KeyVersion + 1;
        var box = KeyEnvelope.Seal(ring, new PendingKeyIdentity(row.TenantId, row.HostnameId, version), pkcs8);
        CryptographicOperations.ZeroMemory(pkcs8);
        holder.State = await book.KeepAsync(holder.State with { Key = box, KeyVersion = version, Step = "Finalize" }, cancellationToken);
        return key;
    }

    /// <summary>The kind of key that a spec asks for.</summary>
    public static CertificateKeyKind KindOf(string? keyType) => Enum.TryParse<CertificateKeyKind>(keyType, out var kind) ? kind : CertificateKeyKind.EcdsaP256;

    private async Task NoteAsync(Holder holder, string step, CancellationToken cancellationToken) =>
        holder.State = await book.KeepAsync(holder.State with { Step = step }, cancellationToken);

    private sealed class Holder(IssuanceState state)
    {
        public IssuanceState State { get; set; } = state;

        /// <summary>The account that it is done with; null: none yet.</summary>
        public AcmeClient? Client { get; set; }
    }
}

/// <summary>An order that failed, and how far it was.</summary>
internal sealed class OrderFailedException(IssuanceState state, IssuanceFailure failure) : Exception(failure.Message, failure)
{
    public IssuanceState State => state;

    public IssuanceFailure Failure => failure;
}
