using Gatehouse.Gateway.Matching;

namespace Gatehouse.Gateway.Explanation;

/// <summary>A request as the matcher reads it.</summary>
internal readonly struct MatchableRequest(ExplainRequest request, string path) : IMatchableRequest
{
    public string Method => request.Method;

    public ReadOnlySpan<char> Path => path;

    public ReadOnlySpan<char> Query => request.Query;

    public string? Header(string name) => request.Headers.TryGetValue(name, out var value) ? value : null;
}
