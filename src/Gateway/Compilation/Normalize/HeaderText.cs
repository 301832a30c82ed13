using System.Buffers;
using Gatehouse.Gateway.Compilation.Validate;

namespace Gatehouse.Gateway.Compilation.Normalize;

/// <summary>Checks tenants' text before it becomes part of a header: a line break would let them write whole headers, or a second request.</summary>
internal static class HeaderText
{
    private static readonly SearchValues<char> TokenCharacters = SearchValues.Create(
        "!#$%&'*+-.^_`|~0123456789abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ");

    private static readonly SearchValues<char> ValueBreakers = SearchValues.Create("\r\n\0");

    public static void Check(string name, string value, ProblemList problems)
    {
        if (!IsToken(name))
            problems.Add("a header name is not an RFC 7230 token");
        else if (value.AsSpan().ContainsAny(ValueBreakers))
            problems.Add($"the value of header `{name}` holds a line break");
    }

    public static bool IsToken(string text) => text.Length > 0 && !text.AsSpan().ContainsAnyExcept(TokenCharacters);

    /// <summary>Names that all must be tokens (<c>*</c> is one).</summary>
    public static string[] Tokens(IReadOnlyList<string>? names, string where, ProblemList problems)
    {
        if (names is null)
            return [];
        if (!names.All(IsToken))
            problems.Add($"{where} holds what is no RFC 7230 token");
        return [.. names];
    }
}
