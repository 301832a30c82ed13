namespace Gatehouse.Api.Auth;

/// <summary>Email addresses as names of users.</summary>
internal static class UserNames
{
    public const int MaxLength = 254;

    /// <summary>The form that makes names unique.</summary>
    public static string Normalize(string email) => email.Trim().ToUpperInvariant();

    /// <summary>Whether a text can be an email address: one @ with something around it and no spaces. Only mail can tell more.</summary>
    public static bool IsValid(string email)
    {
        var at = email.IndexOf('@', StringComparison.Ordinal);
        return email.Length <= MaxLength && at > 0 && at < email.Length - 1 && email.LastIndexOf('@') == at
            && email.All(static c => c is > ' ' and < '\x7f' and not ('/' or '\\' or '"' or '<' or '>' or ',' or ';' or ':'));
    }
}
