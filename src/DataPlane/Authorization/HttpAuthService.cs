using System.Net;

namespace Gatehouse.DataPlane.Authorization;

/// <summary>Asks a service over HTTP: 200 allows, anything else refuses (https://gateway-api.sigs.k8s.io/reference/spec/#httpexternalauthfilter).</summary>
internal static class HttpAuthService
{
    /// <summary>Largest body of a denial; a service that sends more is not understood.</summary>
    private const int MaxBody = 1 << 20;

    // "must always be sent"; Content-Length comes with the body.
    private static readonly string[] Always = ["host", "authorization"];

    public static async Task<AuthVerdict> AskAsync(AuthQuestion question, HttpMessageInvoker client, CancellationToken cancellationToken)
    {
        using var content = new ReadOnlyMemoryContent(question.Body);
        using var message = question.Message(new HttpMethod(question.Method), $"{question.Action.PathPrefix?.TrimEnd('/')}{question.Target}", content);
        foreach (var (name, values) in question.HeadersOf([.. Always, .. question.Action.AllowedHeaders ?? []]))
        {
            if (!message.Headers.TryAddWithoutValidation(name, values))
                message.Content!.Headers.TryAddWithoutValidation(name, values);
        }
        using var response = await client.SendAsync(message, cancellationToken);
        return response.StatusCode == HttpStatusCode.OK
            ? new AuthGrant([.. Granted(response, question.Action.AllowedResponseHeaders)], [])
            : await DenialAsync(response, cancellationToken);
    }

    private static IEnumerable<HeaderChange> Granted(HttpResponseMessage response, IReadOnlyList<string>? allowed)
    {
        foreach (var (name, values) in AllOf(response))
        {
            var goesOn = allowed is { Count: > 0 } ? allowed.Contains(name, StringComparer.OrdinalIgnoreCase) : !AuthHeaders.DescribesMessage(name);
            if (goesOn && AuthHeaders.MayChange(name))
                yield return new HeaderChange(name, values);
        }
    }

    private static async Task<AuthVerdict> DenialAsync(HttpResponseMessage response, CancellationToken cancellationToken)
    {
        // Any other success, passed on, would look like one.
        var status = (int)response.StatusCode is >= 300 and <= 599 ? (int)response.StatusCode : StatusCodes.Status403Forbidden;
        await using var stream = await response.Content.ReadAsStreamAsync(cancellationToken);
        var body = new MemoryStream();
        var buffer = new byte[16 * 1024];
        int read;
        while ((read = await stream.ReadAsync(buffer, cancellationToken)) > 0)
        {
            if (body.Length + read > MaxBody)
                return AuthVerdict.Unclear;
            body.Write(buffer, 0, read);
        }
        var headers = AllOf(response).Where(header => AuthHeaders.MayChange(header.Name)).Select(header => new HeaderChange(header.Name, header.Values));
        return new AuthDenial(status, [.. headers], body.ToArray());
    }

    private static IEnumerable<(string Name, string[] Values)> AllOf(HttpResponseMessage response) =>
        response.Headers.NonValidated.Concat(response.Content.Headers.NonValidated).Select(header => (header.Key, header.Value.ToArray()));
}
