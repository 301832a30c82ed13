namespace Gatehouse.DataPlane.Forwarding;

/// <summary>Strict-Transport-Security (RFC 6797 §7.1) of answers over TLS, whoever gives them.</summary>
internal static class StrictTransport
{
    /// <summary>Sets the header at the last moment, in the place of what backend and route may have said.</summary>
    public static void Promise(HttpResponse response, string value) =>
        response.OnStarting(
            static state =>
            {
                var (response, value) = ((HttpResponse, string))state;
                response.Headers.StrictTransportSecurity = value;
                return Task.CompletedTask;
            },
            (response, value));
}
