using System.Security.Cryptography.X509Certificates;
using System.Text.Json;
using Gatehouse.Acme;
using Gatehouse.Contracts.Api;
using Gatehouse.Control.Compiling;
using Gatehouse.Gateway.Resources;
using Gatehouse.Gateway.Validation;
using Gatehouse.Issuance.Authorities;

namespace Gatehouse.Issuance.Certificates;

/// <summary>Does for one Hostname what is due: nothing, have a certificate issued or renewed, or take away one that is not needed.</summary>
internal sealed class CertificateWork(
    IssuanceBook book, CompileHost compiled, OrderRun orders, ManagedCertificates certificates, BaseNames baseNames, AuthorityClients authorities, IssuanceOptions options, TimeProvider clock)
{
    private static readonly TimeSpan LongestRetry = TimeSpan.FromHours(6);
    private static readonly TimeSpan Soon = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan Fresh = TimeSpan.FromMinutes(1);

    /// <summary>Who shares a certificate is woken when there is a new one; this is for when whoever has it in hand lets go of it otherwise.</summary>
    private static readonly TimeSpan SharedLook = TimeSpan.FromMinutes(30);
    private static readonly TimeSpan SharedWait = TimeSpan.FromSeconds(10);
    private static readonly TimeSpan CompilerPatience = TimeSpan.FromSeconds(10);

    /// <summary>Nothing is due until somebody writes something.</summary>
    private static readonly TimeSpan Never = TimeSpan.FromDays(30);

    /// <summary>Does it.</summary>
    public async Task RunAsync(IssuanceState state, CancellationToken cancellationToken)
    {
        try
        {
            // The row was woken by a write that the compiler may not have seen yet.
            await compiled.WaitForRevisionAsync(await book.HeadAsync(cancellationToken), cancellationToken).WaitAsync(CompilerPatience, clock, cancellationToken);
        }
        catch (TimeoutException)
        {
            await book.LeaveAsync(state, clock.GetUtcNow() + Soon, cancellationToken);
            return;
        }
        using var document = JsonDocument.Parse(state.Row.Spec);
        var spec = (HostnameSpec)SpecJson.Read(ResourceKind.Hostname, document.RootElement);
        state = state with { SharedName = baseNames.SharedNameOf(state, spec) };
        var need = CertificateNeed.Of(compiled.Current, state, spec, options, clock.GetUtcNow());
        switch (need.Kind)
        {
            case NeedKind.Unknown:
                // The compiler is about to see it, or never will: then it is another controller's.
                var pause = clock.GetUtcNow() - state.Row.CreatedAt < Fresh ? Soon : Fresh;
                await book.LeaveAsync(state, clock.GetUtcNow() + pause, cancellationToken);
                break;
            case NeedKind.Covered:
                await RemoveAsync(state with { State = IssuanceState.Uploaded }, need, need.Until!.Value, cancellationToken);
                break;
            case NeedKind.Off or NeedKind.External:
                await RemoveAsync(state with { State = need.Kind == NeedKind.Off ? IssuanceState.Off : IssuanceState.External }, need, clock.GetUtcNow() + Never, cancellationToken);
                break;
            case NeedKind.Closed:
                await book.LeaveAsync(state with { State = IssuanceState.Waiting, Problems = ProblemsOf(need) }, clock.GetUtcNow() + TimeSpan.FromMinutes(1), cancellationToken);
                break;
            default:
                await ManageAsync(state, spec, need, cancellationToken);
                break;
        }
    }

    private async Task RemoveAsync(IssuanceState state, CertificateNeed need, DateTimeOffset due, CancellationToken cancellationToken)
    {
        if (state.Order is not null)
            await orders.AbandonAsync(state, cancellationToken);
        if (need.Problem is null)
            await certificates.RemoveAsync(state, cancellationToken);
        await book.LeaveAsync(
            state.WithoutOrder() with { Problems = ProblemsOf(need), Failures = 0, NotAfter = null, RenewAt = null, RenewBecause = null, Generation = state.Row.Generation }, due, cancellationToken);
    }

    private async Task ManageAsync(IssuanceState state, HostnameSpec spec, CertificateNeed need, CancellationToken cancellationToken)
    {
        if (state.Generation != state.Row.Generation)
            state = state with { Generation = state.Row.Generation, Failures = 0, State = state.State == IssuanceState.Stopped ? IssuanceState.Waiting : state.State };
        if (state.SharedName is not null)
        {
            if (!await book.TakeLeadAsync(state, cancellationToken))
            {
                await FollowAsync(state, cancellationToken);
                return;
            }
            if (state.State == IssuanceState.Shared)
                state = state with { State = IssuanceState.Waiting, NotAfter = null };
        }
        using var certificate = await certificates.FindAsync(state, cancellationToken);
        if (certificate is not null)
        {
            state = await PlanAsync(state, certificate, cancellationToken);
            if (Fits(certificate, spec, state) && state.RenewAt > clock.GetUtcNow() && state.Order is null)
            {
                await RestAsync(state, cancellationToken);
                return;
            }
        }
        if (state.State == IssuanceState.Stopped)
        {
            await book.LeaveAsync(state, clock.GetUtcNow() + Never, cancellationToken);
            return;
        }
        await IssueAsync(state, spec, need, certificate, cancellationToken);
    }

    // Another Hostname of the tenant has the certificate that this one shows in hand.
    private async Task FollowAsync(IssuanceState state, CancellationToken cancellationToken)
    {
        using var certificate = await certificates.FindAsync(state, cancellationToken);
        if (certificate is null)
        {
            var wait = new HostnameProblem("SharedCertificate", "Nobody", $"One certificate for `{state.SharedName}` is being issued for all names below it.", "Nothing: it comes by itself. status.issuance of the tenant's other names says how far it is.");
            await book.LeaveAsync(state.WithoutOrder() with { State = IssuanceState.Waiting, Problems = IssuanceFailure.Write([wait]) }, clock.GetUtcNow() + SharedWait, cancellationToken);
            return;
        }
        if (state.NotAfter is not null && state.State != IssuanceState.Shared)
            await certificates.RemoveOwnAsync(state, cancellationToken);
        await book.LeaveAsync(
            state.WithoutOrder() with { State = IssuanceState.Shared, Problems = null, Failures = 0, Issuer = null, NotAfter = RenewalPlan.EndOf(certificate), RenewAt = null, RenewBecause = null },
            clock.GetUtcNow() + SharedLook, cancellationToken);
    }

    private Task<IssuanceState> RestAsync(IssuanceState state, CancellationToken cancellationToken)
    {
        var now = clock.GetUtcNow();
        var look = state.RenewBecause == RenewalPlan.RenewalInfo || authorities.Find(state.Issuer) is not null ? now + options.RenewalCheck : DateTimeOffset.MaxValue;
        return book.LeaveAsync(state with { State = IssuanceState.Issued, Step = null, Problems = null, Failures = 0 }, state.RenewAt < look ? state.RenewAt!.Value : look, cancellationToken);
    }

    private async Task IssueAsync(IssuanceState state, HostnameSpec spec, CertificateNeed need, X509Certificate2? certificate, CancellationToken cancellationToken)
    {
        if (AuthorityOf(state, spec, certificate) is not { } authority)
        {
            await StopAsync(state, [new HostnameProblem("UnknownIssuer", "Tenant", "The platform has no certificate authority of the name in spec.certificate.issuer.", $"Choose one of: {string.Join(", ", options.Authorities.Select(known => known.Name))}.")], cancellationToken);
            return;
        }
        // An order at another authority is of no use here.
        if (state.Issuer != authority.Name)
            state = state.WithoutOrder();
        try
        {
            state = await book.KeepAsync(state with { State = certificate is null ? IssuanceState.Issuing : IssuanceState.Renewing, Issuer = authority.Name }, cancellationToken);
            state = await orders.RunAsync(state, spec, need, authority, certificate, cancellationToken);
        }
        catch (OrderFailedException failed)
        {
            await FailAsync(failed.State, failed.Failure, spec, cancellationToken);
            return;
        }
        using var issued = await certificates.FindAsync(state, cancellationToken);
        state = state with { RenewAt = null, RenewBecause = null, Failures = 0 };
        if (issued is not null)
            state = await PlanAsync(state, issued, cancellationToken);
        await RestAsync(state, cancellationToken);
    }

    // A renewal begins at the first authority again; a retry goes on at the one that it came to.
    private AuthorityOptions? AuthorityOf(IssuanceState state, HostnameSpec spec, X509Certificate2? certificate)
    {
        if (spec.Certificate?.Issuer is { } wanted)
            return authorities.Find(wanted);
        var fresh = state.State is IssuanceState.Waiting or IssuanceState.Issued or IssuanceState.Uploaded or IssuanceState.Off || (certificate is not null && state.State != IssuanceState.Retrying && state.Order is null);
        return fresh ? options.Authorities[0] : authorities.Find(state.Issuer) ?? options.Authorities[0];
    }

    private async Task FailAsync(IssuanceState state, IssuanceFailure failure, HostnameSpec spec, CancellationToken cancellationToken)
    {
        if (failure.Kind == FailureKind.Budget)
        {
            var waits = state.Failures > 0 ? IssuanceState.Retrying : state.NotAfter is null ? IssuanceState.Waiting : IssuanceState.Renewing;
            await book.LeaveAsync(state with { State = waits, Step = OrderBudget.Step, Problems = IssuanceFailure.Write(failure.Problems) }, failure.RetryAfter!.Value, cancellationToken);
            return;
        }
        var failures = state.Failures + 1;
        var step = state.Step;
        state = (failure.EndsOrder ? state.WithoutOrder() : state) with { Step = step, Failures = failures, Problems = IssuanceFailure.Write(failure.Problems) };
        var next = spec.Certificate?.Issuer is null && state.Issuer is not null ? authorities.After(state.Issuer) : null;
        if (failure.Kind == FailureKind.Permanent && next is null)
        {
            await StopAsync(state, failure.Problems, cancellationToken);
            return;
        }
        var retry = options.FirstRetry * Math.Pow(2, Math.Min(failures - 1, 12));
        if (retry > LongestRetry)
            retry = LongestRetry;
        if (failure.Kind == FailureKind.Permanent || (failure.Kind == FailureKind.Authority && failures % 2 == 0))
        {
            // The next authority, and after the last one the first again.
            state = state.WithoutOrder() with { Step = step, Issuer = next?.Name ?? (spec.Certificate?.Issuer ?? options.Authorities[0].Name) };
            if (next is not null)
                retry = options.FirstRetry;
        }
        var due = clock.GetUtcNow() + retry * (0.9 + Random.Shared.NextDouble() * 0.2);
        if (failure.RetryAfter is { } allowed && allowed > due && next is null)
            due = allowed < clock.GetUtcNow() + TimeSpan.FromDays(1) ? allowed : clock.GetUtcNow() + TimeSpan.FromDays(1);
        await book.LeaveAsync(state with { State = IssuanceState.Retrying }, due, cancellationToken);
    }

    private Task<IssuanceState> StopAsync(IssuanceState state, IReadOnlyList<HostnameProblem> problems, CancellationToken cancellationToken) =>
        book.LeaveAsync(state with { State = IssuanceState.Stopped, Problems = IssuanceFailure.Write(problems), Order = null, Key = null }, clock.GetUtcNow() + Never, cancellationToken);

    private async Task<IssuanceState> PlanAsync(IssuanceState state, X509Certificate2 certificate, CancellationToken cancellationToken)
    {
        var wish = await WishAsync(state, certificate, cancellationToken);
        var before = state is { RenewAt: { } at, RenewBecause: { } because } ? new RenewalPlan(at, because) : null;
        // Without an answer the moment that was drawn from the last one stays.
        var plan = wish is null && before is { Because: RenewalPlan.RenewalInfo } && authorities.Find(state.Issuer) is not null
            ? before
            : RenewalPlan.Of(certificate, wish, before, clock.GetUtcNow(), Random.Shared.NextDouble);
        return state with { NotAfter = RenewalPlan.EndOf(certificate), RenewAt = plan.At, RenewBecause = plan.Because };
    }

    private async Task<RenewalInfo?> WishAsync(IssuanceState state, X509Certificate2 certificate, CancellationToken cancellationToken)
    {
        if (authorities.Find(state.Issuer) is not { } authority)
            return null;
        try
        {
            var client = await authorities.OpenAsync(authority, cancellationToken);
            return await client.GetRenewalInfoAsync(certificate, cancellationToken);
        }
        catch (Exception failure) when (failure is AcmeException or Persistence.PrivateKeys.UnreadableKeyException)
        {
            // It is a wish: without it the certificate's own life decides.
            return null;
        }
    }

    private static bool Fits(X509Certificate2 certificate, HostnameSpec spec, IssuanceState state)
    {
        if (spec.Certificate?.Issuer is { } issuer && state.Issuer is { } issued && issuer != issued)
            return false;
        if (spec.Certificate?.KeyType is not { } keyType)
            return true;
        using var rsa = certificate.GetRSAPublicKey();
        using var ec = certificate.GetECDsaPublicKey();
        return keyType == (rsa is not null ? $"Rsa{rsa.KeySize}" : $"EcdsaP{ec?.KeySize}");
    }

    private static string? ProblemsOf(CertificateNeed need) => need.Problem is null ? null : IssuanceFailure.Write([need.Problem]);
}
