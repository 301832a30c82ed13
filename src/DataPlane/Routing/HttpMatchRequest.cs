using Gatehouse.Gateway.Matching;
using Microsoft.Extensions.Primitives;

namespace Gatehouse.DataPlane.Routing;

/// <summary>What the matcher reads of an HTTP request.</summary>
internal readonly ref struct HttpMatchRequest(string method, ReadOnlySpan<char> path, ReadOnlySpan<char> query, IHeaderDictionary headers) : IMatchableRequest
{
    public string Method { get; } = method;

    public ReadOnlySpan<char> Path { get; } = path;

    public ReadOnlySpan<char> Query { get; } = query;

    public string? Header(string name) =>
        headers.TryGetValue(name, out var values) && values.Count > 0 ? values.Count == 1 ? values[0] : StringValues.IsNullOrEmpty(values) ? "" : string.Join(',', values.ToArray()) : null;
}
