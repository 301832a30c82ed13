namespace Gatehouse.Persistence.Audit;

/// <summary>Who writes.</summary>
/// <param name="Kind">user, token or system.</param>
/// <param name="Id">Id of the user or token.</param>
/// <param name="Name">For people: the user's name, or the token's.</param>
public sealed record Actor(string Kind, Guid? Id, string Name)
{
    /// <summary>A person.</summary>
    public const string UserKind = "user";

    /// <summary>An API token.</summary>
    public const string TokenKind = "token";

    /// <summary>Gatehouse itself.</summary>
    public const string SystemKind = "system";

    /// <summary>Gatehouse itself, for example on the first start.</summary>
    public static Actor System { get; } = new(SystemKind, null, "gatehouse");
}
