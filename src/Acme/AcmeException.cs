namespace Gatehouse.Acme;

/// <summary>
/// What an authority refused, or did not answer. Its message has no text of the authority's and nothing secret; that text is <see cref="Detail"/>.
/// </summary>
public sealed class AcmeException : Exception
{
    internal AcmeException(AcmeErrorKind kind, string message, Exception? inner = null) : base(message, inner) => Kind = kind;

    internal AcmeException(AcmeErrorKind kind, string message, AcmeProblem problem) : base(message) => (Kind, Problem) = (kind, problem);

    /// <summary>What it means.</summary>
    public AcmeErrorKind Kind { get; }

    /// <summary>The authority's problem document; null: there was none.</summary>
    public AcmeProblem? Problem { get; }

    /// <summary>URN of the problem, for example <c>urn:ietf:params:acme:error:rateLimited</c>; null: there was none.</summary>
    public string? Type => Problem?.Type;

    /// <summary>The authority's text for people; null: there was none.</summary>
    public string? Detail => Problem?.Detail;

    /// <summary>What was wrong with each name; empty: the authority does not say.</summary>
    public IReadOnlyList<AcmeSubproblem> Subproblems => Problem?.Subproblems ?? [];

    /// <summary>When to ask again, at the earliest; never more than eight days from now. Null: the authority does not say.</summary>
    public DateTimeOffset? RetryAfter { get; init; }

    /// <summary>HTTP status; null: there was no answer, or a wait ended without one.</summary>
    public int? HttpStatus { get; init; }

    /// <summary>Whether the same request can only fail again, until somebody changes it, the account or the authority.</summary>
    public bool IsPermanent => Kind is AcmeErrorKind.Malformed or AcmeErrorKind.BadCsr or AcmeErrorKind.Rejected or AcmeErrorKind.InvalidContact
        or AcmeErrorKind.ExternalAccountRequired or AcmeErrorKind.UserActionRequired or AcmeErrorKind.AccountClosed or AcmeErrorKind.Unsupported
        or AcmeErrorKind.AlreadyRevoked;

    /// <summary>Whether it says something about the authority at this moment and nothing about the request: ask again later, or ask another authority.</summary>
    public bool IsOutage => Kind is AcmeErrorKind.Unreachable or AcmeErrorKind.ServerError or AcmeErrorKind.InvalidAnswer or AcmeErrorKind.BadNonce;
}
