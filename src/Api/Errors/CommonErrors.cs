using Gatehouse.Contracts.Api;

namespace Gatehouse.Api.Errors;

/// <summary>Missing, or another tenant's: the two cannot be told apart.</summary>
internal sealed record NotFoundError() : Error(ErrorKind.NotFound, "not_found", "There is no such object, or it is not yours to see.");

/// <summary>The caller's role in the tenant is too low.</summary>
internal sealed record ForbiddenError(string Needed) : Error(ErrorKind.Forbidden, "forbidden", $"This needs {Needed}.");

/// <summary>No token, or one that does not work (any more).</summary>
internal sealed record UnauthenticatedError()
    : Error(ErrorKind.Unauthenticated, "unauthenticated", "Send a valid token as 'Authorization: Bearer TOKEN'.");

/// <summary>Fields or parameters that are wrong.</summary>
internal sealed record InvalidError : Error
{
    public InvalidError(IReadOnlyList<FieldError> fields)
        : base(ErrorKind.Invalid, "invalid", fields.Count == 1 ? fields[0].Message : $"{fields.Count} fields are wrong; see errors.")
    {
        Fields = fields;
    }

    public InvalidError(string pointer, string code, string message)
        : this([new FieldError(pointer, code, message)])
    {
    }
}

/// <summary>The stored state does not allow it.</summary>
internal sealed record ConflictError(string Code, string Message) : Error(ErrorKind.Conflict, Code, Message);

/// <summary>If-Match or If-None-Match does not hold.</summary>
internal sealed record PreconditionFailedError(string Message) : Error(ErrorKind.PreconditionFailed, "precondition_failed", Message);

/// <summary>Postgres cannot be reached; nothing was changed.</summary>
internal sealed record DatabaseUnavailableError() : Error(
    ErrorKind.Unavailable, "database_unavailable", "The database cannot be reached at the moment. Proxied traffic is not affected; try again soon.")
{
    public static DatabaseUnavailableError Instance { get; } = new() { RetryAfter = TimeSpan.FromSeconds(1) };
}

/// <summary>The first start has not finished.</summary>
internal sealed record StartingError() : Error(ErrorKind.Unavailable, "starting", "Gatehouse is starting; try again soon.")
{
    public static StartingError Instance { get; } = new() { RetryAfter = TimeSpan.FromSeconds(1) };
}

/// <summary>A bug of ours.</summary>
internal sealed record UnexpectedError()
    : Error(ErrorKind.Bug, "internal_error", "Something went wrong on our side. Report the traceId.");
