namespace Gatehouse.Acme;

/// <summary>What an <see cref="AcmeException"/> or an <see cref="AcmeProblem"/> means for who asked.</summary>
public enum AcmeErrorKind
{
    /// <summary>A problem that no other kind describes.</summary>
    Other,

    /// <summary>No answer: no connection, no TLS, or not in time.</summary>
    Unreachable,

    /// <summary>The authority failed: serverInternal, or any status of 500 and above.</summary>
    ServerError,

    /// <summary>An order or an authorization did not end in the time that was given to it. It may still.</summary>
    TimedOut,

    /// <summary>The answer is no ACME: too large, not JSON, without what it must have, a redirect, or an address that is not allowed.</summary>
    InvalidAnswer,

    /// <summary>badNonce, again and again.</summary>
    BadNonce,

    /// <summary>rateLimited; <see cref="AcmeException.RetryAfter"/> says until when, if the authority does.</summary>
    RateLimited,

    /// <summary>malformed, and what else is wrong with the request itself.</summary>
    Malformed,

    /// <summary>badCSR.</summary>
    BadCsr,

    /// <summary>rejectedIdentifier and unsupportedIdentifier: the authority does not issue for a name.</summary>
    Rejected,

    /// <summary>unauthorized: a challenge found something else than expected, or the account may not do this.</summary>
    Unauthorized,

    /// <summary>accountDoesNotExist: the authority has lost the account. Make it again.</summary>
    AccountGone,

    /// <summary>The account was deactivated or revoked; its key can never be used again.</summary>
    AccountClosed,

    /// <summary>invalidContact and unsupportedContact.</summary>
    InvalidContact,

    /// <summary>externalAccountRequired.</summary>
    ExternalAccountRequired,

    /// <summary>userActionRequired: somebody must visit <see cref="AcmeProblem.Instance"/>.</summary>
    UserActionRequired,

    /// <summary>The authority does not have what was asked for, for example a key change: its directory says so, or it answers with status 501.</summary>
    Unsupported,

    /// <summary>caa: a CAA record forbids this authority.</summary>
    Caa,

    /// <summary>dns: the name could not be looked up.</summary>
    Dns,

    /// <summary>connection: the name's address could not be reached.</summary>
    Connection,

    /// <summary>tls: the name's address spoke TLS wrongly.</summary>
    Tls,

    /// <summary>incorrectResponse: a challenge was answered with something else.</summary>
    IncorrectResponse,

    /// <summary>orderNotReady: not every authorization is valid.</summary>
    OrderNotReady,

    /// <summary>alreadyRevoked.</summary>
    AlreadyRevoked,

    /// <summary>alreadyReplaced (RFC 9773 section 7.4).</summary>
    AlreadyReplaced,

    /// <summary>The order, authorization or certificate is not there, or no longer.</summary>
    NotFound,

    /// <summary>The order is invalid, or the authorization expired, deactivated or revoked, and the authority does not say why: a new order is needed.</summary>
    Ended,
}
