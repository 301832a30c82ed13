using System.Net.Sockets;
using System.Security.Authentication;
using Gatehouse.Sync.Kubernetes.Access;

namespace Gatehouse.Sync.Kubernetes.Http;

/// <summary>Says in words why there was no answer.</summary>
internal static class Failures
{
    /// <summary>Reason of failures that may pass: the server was not reached, or broke off.</summary>
    public const string NoAnswer = "NoAnswer";

    /// <summary>Reason of failures that do not pass by themselves: no credential, no trust.</summary>
    public const string NoAccess = "NoAccess";

    /// <summary>The failure that an exception stands for; null: it is a bug.</summary>
    public static KubernetesException? Of(Exception exception, TimeSpan waited) => exception switch
    {
        KubernetesException failure => failure,
        CredentialException => new KubernetesException(0, NoAccess, exception.Message, inner: exception),
        OperationCanceledException => new KubernetesException(0, NoAnswer, $"The API server did not answer within {waited.TotalSeconds:0.#} s.", inner: exception),
        HttpRequestException request => Of(request),
        IOException => new KubernetesException(0, NoAnswer, "The API server broke off its answer.", inner: exception),
        // Connections were exchanged for ones with a newer certificate at that moment.
        ObjectDisposedException => new KubernetesException(0, NoAnswer, "The connection was closed.", inner: exception),
        InvalidDataException => new KubernetesException(0, NoAnswer, "The API server's answer cannot be decompressed.", inner: exception),
        _ => null,
    };

    private static KubernetesException Of(HttpRequestException exception)
    {
        if (exception.HttpRequestError == HttpRequestError.SecureConnectionError || exception.InnerException is AuthenticationException)
            return new KubernetesException(0, NoAccess, $"No TLS connection to the API server: {TlsProblem(exception)}", inner: exception);
        var message = exception.HttpRequestError switch
        {
            HttpRequestError.NameResolutionError => "The API server's name cannot be resolved.",
            HttpRequestError.ConnectionError => $"No connection to the API server: {(exception.InnerException as SocketException)?.SocketErrorCode.ToString() ?? "it failed"}.",
            HttpRequestError.ProxyTunnelError => "The proxy of proxy-url does not let the worker through to the API server.",
            _ => "The API server broke off its answer.",
        };
        return new KubernetesException(0, NoAnswer, message, inner: exception);
    }

    private static string TlsProblem(HttpRequestException exception)
    {
        var message = exception.InnerException?.Message ?? "";
        if (message.Contains("NameMismatch", StringComparison.Ordinal))
            return "its certificate is for another name; set tls-server-name to one that it has.";
        if (message.Contains("certificate chain", StringComparison.Ordinal))
            return "its certificate is not issued by the kubeconfig's certificate-authority, or not valid now.";
        return "the handshake failed; the server may want a client certificate, or be no TLS server.";
    }
}
