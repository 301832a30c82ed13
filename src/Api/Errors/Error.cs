using Gatehouse.Contracts.Api;

namespace Gatehouse.Api.Errors;

/// <summary>What went wrong, as HTTP classifies it: the value is the status.</summary>
internal enum ErrorKind
{
    Malformed = 400,
    Unauthenticated = 401,
    Forbidden = 403,
    NotFound = 404,
    MethodNotAllowed = 405,
    Conflict = 409,
    PreconditionFailed = 412,
    TooLarge = 413,
    UnsupportedMediaType = 415,
    Invalid = 422,
    PreconditionRequired = 428,
    TooManyRequests = 429,
    Bug = 500,
    Unavailable = 503,
    WaitedInVain = 504,
}

/// <summary>An expected failure. Features derive their own in XErrors.cs; <see cref="ProblemMapping"/> alone turns them into HTTP.</summary>
/// <param name="Kind">Class of the failure.</param>
/// <param name="Code">Stable code for programs.</param>
/// <param name="Message">What happened, and what to change.</param>
internal abstract record Error(ErrorKind Kind, string Code, string Message)
{
    /// <summary>Wrong fields.</summary>
    public IReadOnlyList<FieldError>? Fields { get; init; }

    /// <summary>Objects that stand in the way.</summary>
    public IReadOnlyList<ObjectReference>? Referrers { get; init; }

    /// <summary>Conditions of the object in question.</summary>
    public IReadOnlyList<ObjectCondition>? Conditions { get; init; }

    /// <summary>What became of the objects of an import.</summary>
    public IReadOnlyList<ImportedObject>? Objects { get; init; }

    /// <summary>Where a text stops making sense.</summary>
    public (long Line, long Column)? Position { get; init; }

    /// <summary>When it makes sense to try again.</summary>
    public TimeSpan? RetryAfter { get; init; }
}
