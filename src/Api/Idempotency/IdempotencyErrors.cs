using Gatehouse.Api.Errors;

namespace Gatehouse.Api.Idempotency;

/// <summary>The key was used for another request.</summary>
internal sealed record KeyReusedError() : Error(
    ErrorKind.Invalid, "idempotency_key_reused", "This Idempotency-Key was used for another request in the last 24 hours; take a new one.");
