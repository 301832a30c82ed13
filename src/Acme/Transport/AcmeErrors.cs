using Gatehouse.Acme.Answers;

namespace Gatehouse.Acme.Transport;

/// <summary>What an answer that is no success means.</summary>
internal static class AcmeErrors
{
    /// <summary>An answer's error.</summary>
    public static AcmeException Of(Answer answer)
    {
        var problem = ProblemReader.Read(answer.Body);
        var kind = KindOf(answer.Status, problem);
        var message = problem is null
            ? $"The certificate authority answered with status {answer.Status}."
            : $"The certificate authority answered with status {answer.Status}: {problem.Type}.";
        return problem is null
            ? new AcmeException(kind, message) { HttpStatus = answer.Status, RetryAfter = answer.RetryAfter }
            : new AcmeException(kind, message, problem) { HttpStatus = answer.Status, RetryAfter = answer.RetryAfter };
    }

    /// <summary>What a refusal to show something means: who only reads has asked for nothing that could be malformed, so it is not there.</summary>
    public static AcmeException OfRead(AcmeException refusal) => refusal is { Kind: AcmeErrorKind.Malformed, Problem: { } problem }
        ? new AcmeException(AcmeErrorKind.NotFound, refusal.Message, problem) { HttpStatus = refusal.HttpStatus, RetryAfter = refusal.RetryAfter }
        : refusal;

    /// <summary>Why an order or an authorization cannot become valid any more.</summary>
    /// <param name="what">Order or authorization.</param>
    /// <param name="problem">What the authority says about it.</param>
    public static AcmeException Ended(string what, AcmeProblem? problem)
    {
        if (problem is null)
            return new AcmeException(AcmeErrorKind.Ended, $"The {what} ended.");
        // What a challenge met can be malformed; the request that led there was not.
        var kind = problem.Kind switch
        {
            AcmeErrorKind.Malformed => AcmeErrorKind.IncorrectResponse,
            AcmeErrorKind.Other => AcmeErrorKind.Ended,
            var other => other,
        };
        return new AcmeException(kind, $"The {what} is invalid: {problem.Type}.", problem);
    }

    private static AcmeErrorKind KindOf(int status, AcmeProblem? problem) => (status, problem?.Kind) switch
    {
        (_, AcmeErrorKind.RateLimited) or (429, _) => AcmeErrorKind.RateLimited,
        (501, _) => AcmeErrorKind.Unsupported,
        ( >= 500, _) => AcmeErrorKind.ServerError,
        // RFC 8555 section 7.3.6 keeps this status for accounts that were closed.
        (401, AcmeErrorKind.Unauthorized) => AcmeErrorKind.AccountClosed,
        (404 or 410, null or AcmeErrorKind.Other or AcmeErrorKind.Malformed) => AcmeErrorKind.NotFound,
        (_, { } kind and not AcmeErrorKind.Other) => kind,
        (408, _) => AcmeErrorKind.Unreachable,
        ( >= 300 and < 400, _) or (_, null) => AcmeErrorKind.InvalidAnswer,
        _ => AcmeErrorKind.Other,
    };
}
