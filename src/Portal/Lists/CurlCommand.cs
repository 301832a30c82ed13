namespace Gatehouse.Portal.Lists;

/// <summary>The REST call behind an action, to paste into a shell.</summary>
internal static class CurlCommand
{
    /// <param name="api">Base URL of the API.</param>
    /// <param name="path">Path below <c>/api/v1/</c>.</param>
    /// <param name="body">JSON without single quotes.</param>
    public static string Put(string api, string path, string body) =>
        $"""
        curl -X PUT {api}/api/v1/{path} \
          -H "Authorization: Bearer $TOKEN" -H 'Content-Type: application/json' \
          -d '{body}'
        """;
}
