using Gatehouse.Gateway.Matching;

namespace Gatehouse.Gateway.Tests.Matching;

internal readonly struct TestRequest(string path, string method = "GET", string query = "", (string Name, string Value)[]? headers = null)
    : IMatchableRequest
{
    public string Method => method;

    public ReadOnlySpan<char> Path => path;

    public ReadOnlySpan<char> Query => query;

    public string? Header(string name)
    {
        foreach (var header in headers ?? [])
        {
            if (header.Name == name)
                return header.Value;
        }
        return null;
    }
}
