using System.Globalization;
using System.Text.Json;
using Gatehouse.Acme;
using Gatehouse.Contracts.Api;
using Gatehouse.Issuance.Authorities;

namespace Gatehouse.Issuance.Certificates;

/// <summary>What becomes of a failed attempt.</summary>
internal enum FailureKind
{
    /// <summary>Tried again after a pause.</summary>
    Transient,

    /// <summary>The authority is not there or has no time: after two of these the next one is asked.</summary>
    Authority,

    /// <summary>Nothing failed: this hour's orders are used up.</summary>
    Budget,

    /// <summary>This authority will never do it: the next one is asked, and after the last nothing happens until somebody acts.</summary>
    Permanent,
}

/// <summary>An attempt ends here.</summary>
internal sealed class IssuanceFailure : Exception
{
    private const int MostSpread = 60;

    public IssuanceFailure(FailureKind kind, params IReadOnlyList<HostnameProblem> problems)
        : base(problems.Count > 0 ? problems[0].Code : kind.ToString()) => (Kind, Problems) = (kind, problems);

    public FailureKind Kind { get; }

    public IReadOnlyList<HostnameProblem> Problems { get; }

    /// <summary>Not before this; null: any time.</summary>
    public DateTimeOffset? RetryAfter { get; init; }

    /// <summary>Whether the order is of no use any more.</summary>
    public bool EndsOrder { get; init; } = true;

    /// <summary>Problems as they are stored.</summary>
    public static string Write(IReadOnlyList<HostnameProblem> problems) => JsonSerializer.Serialize(problems, JsonSerializerOptions.Web);

    /// <summary>Problems as they were stored.</summary>
    public static IReadOnlyList<HostnameProblem> Read(string? json) => json is null ? [] : JsonSerializer.Deserialize<HostnameProblem[]>(json, JsonSerializerOptions.Web) ?? [];

    /// <summary>What an authority's refusal means.</summary>
    /// <param name="authority">Name of the authority.</param>
    /// <param name="failure">Its answer.</param>
    public static IssuanceFailure Of(string authority, AcmeException failure)
    {
        var said = Said(failure);
        return failure.Kind switch
        {
            AcmeErrorKind.RateLimited => new(FailureKind.Authority, new HostnameProblem("RateLimited", "Nobody", $"Certificate authority `{authority}` asks for patience: {said}", "Nothing: it is tried again when the authority allows it.")) { RetryAfter = failure.RetryAfter, EndsOrder = false },
            AcmeErrorKind.Caa => new(FailureKind.Transient, new HostnameProblem("CaaForbids", "Tenant", $"Certificate authority `{authority}` found a CAA record that forbids it: {said}", "Let the CAA record name the authority, or remove it.")),
            AcmeErrorKind.Dns => new(FailureKind.Transient, new HostnameProblem("AuthoritySawNoRecord", "Tenant", $"Certificate authority `{authority}` could not read the name's DNS: {said}", "Check the records that are listed; it is tried again by itself.")),
            AcmeErrorKind.Connection => new(FailureKind.Transient, new HostnameProblem("AuthorityCannotConnect", "Tenant", $"Certificate authority `{authority}` could not connect to the name: {said}", "Let the name's addresses lead to the gateway, with port 80 open; it is tried again by itself.")),
            AcmeErrorKind.Tls => new(FailureKind.Transient, new HostnameProblem("AuthorityCannotConnect", "Tenant", $"Certificate authority `{authority}` got no answer over TLS: {said}", "Let the name's addresses lead to the gateway, with port 443 open; it is tried again by itself.")),
            AcmeErrorKind.IncorrectResponse or AcmeErrorKind.Unauthorized => new(FailureKind.Transient, new HostnameProblem("ChallengeNotMet", "Tenant", $"Certificate authority `{authority}` got another answer than it asked for: {said}", "Let all of the name's addresses lead to the gateway, IPv6 too; it is tried again by itself.")),
            AcmeErrorKind.Rejected => new(FailureKind.Permanent, new HostnameProblem("NameRejected", "Tenant", $"Certificate authority `{authority}` does not issue for this name: {said}", "Choose another name or another authority, or upload a certificate.")),
            AcmeErrorKind.AccountClosed or AcmeErrorKind.ExternalAccountRequired or AcmeErrorKind.UserActionRequired or AcmeErrorKind.InvalidContact =>
                new(FailureKind.Permanent, new HostnameProblem("AccountRefused", "Platform", $"Certificate authority `{authority}` refuses the platform's account: {said}", "A platform admin must mend the authority's settings (contacts, external account, terms).")),
            AcmeErrorKind.Ended or AcmeErrorKind.NotFound or AcmeErrorKind.OrderNotReady or AcmeErrorKind.AlreadyReplaced or AcmeErrorKind.AccountGone =>
                new(FailureKind.Transient, new HostnameProblem("OrderEnded", "Nobody", $"Certificate authority `{authority}` does not go on with the order: {said}", "Nothing: a new order is made.")),
            _ when failure.IsPermanent => new(FailureKind.Permanent, new HostnameProblem("AuthorityRefused", "Platform", $"Certificate authority `{authority}` refused the order: {said}", "A platform admin must look at the authority's settings, or choose another authority.")),
            _ => new(FailureKind.Authority, new HostnameProblem("AuthorityUnavailable", "CertificateAuthority", $"Certificate authority `{authority}` cannot be used at the moment: {said}", "Nothing: it is tried again, and then the next authority is asked.")) { RetryAfter = failure.RetryAfter, EndsOrder = false },
        };
    }

    /// <summary>There is no place for an order.</summary>
    /// <param name="authority">Name of the authority.</param>
    /// <param name="place">Why, and until when.</param>
    /// <param name="isRenewal">Whether there is a certificate already.</param>
    /// <param name="chance">0 to 1.</param>
    public static IssuanceFailure Of(string authority, BudgetPlace place, bool isRenewal, double chance)
    {
        // Renewals come back at once, and new names so that not many more come than there are places for.
        var spread = isRenewal ? TimeSpan.FromSeconds(10) : TimeSpan.FromMinutes(1 + Math.Min(place.Waiting, MostSpread));
        var at = place.FreeAt + spread * chance;
        var whose = place.Obstacle == BudgetRule.Obstacle.Tenant ? "This tenant's share of the orders" : "What the platform orders";
        return new IssuanceFailure(FailureKind.Budget, new HostnameProblem(
            "OrderBudget", "Nobody", $"{whose} at certificate authority `{authority}` within an hour is used up.",
            string.Create(CultureInfo.InvariantCulture, $"Nothing: it goes on by itself at {at.UtcDateTime:yyyy-MM-dd HH:mm} UTC or soon after."))) { RetryAfter = at, EndsOrder = false };
    }

    // What the authority says goes to people: bounded, and nothing but printable characters.
    private static string Said(AcmeException failure)
    {
        var text = failure.Subproblems.Count > 0 ? string.Join("; ", failure.Subproblems.Take(4).Select(problem => problem.Detail)) : failure.Detail ?? failure.Message;
        var printable = new string([.. text.Where(character => !char.IsControl(character)).Take(300)]);
        return printable.TrimEnd('.') + ".";
    }
}
