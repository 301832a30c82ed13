namespace Gatehouse.Gateway.Validation.Kinds;

/// <summary>Keys for uniqueness: a name that is missing, and was reported so, equals no other.</summary>
internal static class NameKey
{
    public static string? Of(string name) => name.Length > 0 ? name : null;
}
