namespace Gatehouse.Gateway.Matching;

/// <summary>What a matcher reads of a request. Implemented by structs, so that matching allocates nothing.</summary>
public interface IMatchableRequest
{
    /// <summary>Method as sent; methods are case-sensitive.</summary>
    string Method { get; }

    /// <summary>Path in the form of <see cref="RequestPath"/>, without query.</summary>
    ReadOnlySpan<char> Path { get; }

    /// <summary>Query as sent, without its question mark.</summary>
    ReadOnlySpan<char> Query { get; }

    /// <summary>A header's value, lines of the same name joined by a comma (RFC 9110 §5.3); null: absent.</summary>
    /// <param name="name">Lower case.</param>
    string? Header(string name);
}
