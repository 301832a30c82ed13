using Gatehouse.Api.Errors;

namespace Gatehouse.Api.Authorities;

internal static class AuthorityErrors
{
    public static Error NoAccount { get; } = new ConflictError("no_account", "There is no account at this authority yet: it is made, with a key of its own, at the first order.");

    public static Error UnderWay { get; } = new ConflictError("rollover_under_way", "Another rollover of this account is under way: read the list again and see whether another one is needed.");

    public static Error Refused { get; } = new ConflictError("authority_refused", "The authority refuses another key for the account. The present one stays in force.");

    public static Error KeyUnreadable { get; } = new ConflictError("account_key_unreadable", "The account's key cannot be decrypted: configure the key-encryption key that it lies under.");

    public static Error Away { get; } = new AuthorityAwayError();

    private sealed record AuthorityAwayError() : Error(
        ErrorKind.Unavailable, "authority_away", "The authority does not answer as it should. Which key is the account's is found out at its next use; try again later.");
}
