using System.Net;
using Gatehouse.Contracts.Api;

namespace Gatehouse.Portal.Api;

/// <summary>Why the API did not give what was asked: what its problem document says, or that it could not be reached.</summary>
/// <param name="Status">HTTP status, or 0 when there was no answer.</param>
/// <param name="Code">Stable code, for programs.</param>
/// <param name="Message">For people; plain text.</param>
public sealed record ApiFailure(int Status, string Code, string Message)
{
    /// <summary>No connection to the API.</summary>
    public static ApiFailure Unreachable { get; } =
        new(0, "api_unreachable", "The portal cannot reach the Gatehouse API. Traffic is not affected: gateways keep serving what they have.");

    /// <summary>Under which the API logged the failure.</summary>
    public string? TraceId { get; init; }

    /// <summary>What is wrong field by field; empty: nothing that has a field.</summary>
    public IReadOnlyList<FieldError> Errors { get; init; } = [];

    /// <summary>The session has ended.</summary>
    public bool IsSignedOut => Status == (int)HttpStatusCode.Unauthorized;

    /// <summary>Missing, or another tenant's.</summary>
    public bool IsMissing => Status == (int)HttpStatusCode.NotFound;

    /// <summary>The user's role is too low.</summary>
    public bool IsForbidden => Status == (int)HttpStatusCode.Forbidden;

    /// <summary>Whether the same request may well succeed in a moment.</summary>
    public bool IsPassing => Status is 0 or 429 or >= 500;
}

/// <summary>What the API gave, or why it did not.</summary>
/// <param name="Value">Set when there is no problem.</param>
/// <param name="Failure">Null when it went well.</param>
/// <typeparam name="T">What was asked for.</typeparam>
public sealed record ApiResult<T>(T? Value, ApiFailure? Failure)
{
    /// <summary>It went well.</summary>
    public static implicit operator ApiResult<T>(T value) => new(value, null);

    /// <summary>It did not.</summary>
    public static implicit operator ApiResult<T>(ApiFailure failure) => new(default, failure);
}
