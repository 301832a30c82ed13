namespace Gatehouse.Acme.Answers;

/// <summary>Types of problems (RFC 8555 section 6.7; RFC 9773 section 7.4) and what they mean.</summary>
internal static class ProblemTypes
{
    public const string Prefix = "urn:ietf:params:acme:error:";
    public const string Compound = Prefix + "compound";
    public const string None = "about:blank";

    /// <summary>What a type means.</summary>
    public static AcmeErrorKind KindOf(string type) => !type.StartsWith(Prefix, StringComparison.Ordinal) ? AcmeErrorKind.Other : type[Prefix.Length..] switch
    {
        "accountDoesNotExist" => AcmeErrorKind.AccountGone,
        "alreadyReplaced" => AcmeErrorKind.AlreadyReplaced,
        "alreadyRevoked" => AcmeErrorKind.AlreadyRevoked,
        "badCSR" => AcmeErrorKind.BadCsr,
        "badNonce" => AcmeErrorKind.BadNonce,
        "badPublicKey" or "badRevocationReason" or "badSignatureAlgorithm" or "invalidProfile" or "malformed" => AcmeErrorKind.Malformed,
        "caa" => AcmeErrorKind.Caa,
        "connection" => AcmeErrorKind.Connection,
        "dns" => AcmeErrorKind.Dns,
        "externalAccountRequired" => AcmeErrorKind.ExternalAccountRequired,
        "incorrectResponse" => AcmeErrorKind.IncorrectResponse,
        "invalidContact" or "unsupportedContact" => AcmeErrorKind.InvalidContact,
        "orderNotReady" => AcmeErrorKind.OrderNotReady,
        "rateLimited" => AcmeErrorKind.RateLimited,
        "rejectedIdentifier" or "unsupportedIdentifier" => AcmeErrorKind.Rejected,
        "serverInternal" => AcmeErrorKind.ServerError,
        "tls" => AcmeErrorKind.Tls,
        "unauthorized" => AcmeErrorKind.Unauthorized,
        "userActionRequired" => AcmeErrorKind.UserActionRequired,
        _ => AcmeErrorKind.Other,
    };
}
