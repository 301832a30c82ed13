namespace Gatehouse.Gateway.Validation;

/// <summary>One thing that is wrong with an object, for the person who wrote it.</summary>
/// <param name="Pointer">RFC 6901 JSON Pointer, relative to what was validated: <c>/rules/0/matches/1/path/value</c>; empty means all of it.</param>
/// <param name="Code">Stable snake_case code, one of <see cref="ErrorCodes"/>.</param>
/// <param name="Message">What to change. Quotes what was sent only shortened and escaped.</param>
public sealed record ValidationError(string Pointer, string Code, string Message);
