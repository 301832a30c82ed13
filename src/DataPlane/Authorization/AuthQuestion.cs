using Gatehouse.Gateway.Matching;

namespace Gatehouse.DataPlane.Authorization;

/// <summary>What an authorization service is asked.</summary>
/// <param name="Action">The filter.</param>
/// <param name="Context">The request.</param>
/// <param name="Target">Path and query as the client sent them.</param>
/// <param name="Headers">Headers as they would go to the backend after the filters that are listed before.</param>
/// <param name="Body">As much of the body as the service gets.</param>
/// <param name="Prefix">Scheme and address of the service.</param>
/// <param name="Version">Version to speak.</param>
internal sealed record AuthQuestion(
    ExternalAuthAction Action, HttpContext Context, string Target, HttpRequestMessage Headers, ReadOnlyMemory<byte> Body, string Prefix, Version Version)
{
    private static readonly UriCreationOptions AsReceived = new() { DangerousDisablePathAndQueryCanonicalization = true };

    /// <summary>A WebSocket over HTTP/2 is a CONNECT; services know it as the GET that it is in HTTP/1.1.</summary>
    public string Method => HttpMethods.IsConnect(Context.Request.Method) ? HttpMethods.Get : Context.Request.Method;

    public HttpRequestMessage Message(HttpMethod method, string target, HttpContent content) => new(method, new Uri(Prefix + target, AsReceived))
    {
        Version = Version,
        VersionPolicy = HttpVersionPolicy.RequestVersionExact,
        Content = content,
    };

    /// <summary>Headers that pass a list; null: all.</summary>
    public IEnumerable<(string Name, IEnumerable<string> Values)> HeadersOf(IReadOnlyCollection<string>? names) =>
        Headers.Headers.NonValidated.Concat(Headers.Content!.Headers.NonValidated)
            .Where(header => names?.Contains(header.Key, StringComparer.OrdinalIgnoreCase) != false)
            .Select(header => (header.Key, (IEnumerable<string>)header.Value));
}
