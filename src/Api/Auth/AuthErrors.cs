using Gatehouse.Api.Errors;

namespace Gatehouse.Api.Auth;

/// <summary>One answer for unknown, disabled and locked accounts and for wrong passwords: it tells nobody which it was.</summary>
internal sealed record SignInFailedError() : Error(
    ErrorKind.Unauthenticated, "invalid_credentials", "Email address or password is wrong, or the account is locked for some minutes after too many failures.");
