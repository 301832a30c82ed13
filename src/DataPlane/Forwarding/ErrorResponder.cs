using System.Globalization;
using Gatehouse.DataPlane.Backends;
using Gatehouse.DataPlane.Routing;
using Yarp.ReverseProxy.Forwarder;

namespace Gatehouse.DataPlane.Forwarding;

/// <summary>Writes the answers that the gateway gives itself.</summary>
internal static class ErrorResponder
{
    /// <summary>Answers with a fault; nothing of the answer may have been sent yet.</summary>
    public static Task WriteAsync(HttpContext context, RequestDecision decision, Fault fault)
    {
        var response = context.Response;
        response.Clear();
        // A script may read why a request failed if it may read the answers of the route.
        decision.Cors?.Apply(context.Request.Headers, response.Headers);
        if (fault.ClosesConnection && !HttpProtocol.IsHttp2(context.Request.Protocol))
            response.Headers.Connection = "close";
        if (IsGrpc(context.Request))
            return WriteGrpcAsync(response, fault);
        response.StatusCode = fault.Status;
        response.ContentType = "application/problem+json";
        response.ContentLength = fault.Body.Length;
        return HttpMethods.IsHead(context.Request.Method) ? Task.CompletedTask : response.Body.WriteAsync(fault.Body, context.RequestAborted).AsTask();
    }

    /// <summary>
    /// YARP's word for what went wrong. A backend that breaks off while the body is being read ends that read, which YARP takes for the client's
    /// doing; what the client does wrong never looks like a read that was cancelled.
    /// </summary>
    public static ForwarderError ErrorOf(IForwarderErrorFeature error) =>
        error.Error == ForwarderError.RequestBodyClient && Causes(error.Exception).Any(static cause => cause is OperationCanceledException) && !Causes(error.Exception).Any(static cause => cause is BadHttpRequestException)
            ? ForwarderError.RequestBodyDestination
            : error.Error;

    /// <summary>What went wrong when YARP could not forward.</summary>
    public static Fault FaultOf(IForwarderErrorFeature error) => ErrorOf(error) switch
    {
        ForwarderError.NoAvailableDestinations => Fault.NoBackend,
        ForwarderError.RequestTimedOut or ForwarderError.UpgradeActivityTimeout => Fault.BackendTimeout,
        ForwarderError.RequestCanceled or ForwarderError.RequestBodyCanceled => Fault.ClientGone,
        ForwarderError.RequestBodyClient => Causes(error.Exception).Any(cause => cause is BadHttpRequestException { StatusCode: 413 }) ? Fault.BodyTooLarge : Fault.BadBody,
        ForwarderError.Request when Causes(error.Exception).Any(cause => cause is BackendRefusedException) => Fault.Refused,
        ForwarderError.Request when Causes(error.Exception).Any(IsConnectFailure) => Fault.Unreachable,
        ForwarderError.RequestBodyDestination => Fault.Unreachable,
        _ => Fault.BadResponse,
    };

    /// <summary>Whether the client speaks gRPC, and reads errors where gRPC has them.</summary>
    public static bool IsGrpc(HttpRequest request) => request.ContentType?.StartsWith("application/grpc", StringComparison.OrdinalIgnoreCase) == true;

    // Trailers-only (https://github.com/grpc/grpc/blob/master/doc/PROTOCOL-HTTP2.md): a gRPC client reads the status from the headers.
    private static Task WriteGrpcAsync(HttpResponse response, Fault fault)
    {
        response.StatusCode = StatusCodes.Status200OK;
        response.ContentType = "application/grpc";
        response.Headers["grpc-status"] = GrpcStatus(fault.Status).ToString(CultureInfo.InvariantCulture);
        response.Headers["grpc-message"] = Uri.EscapeDataString(fault.Detail).Replace("%20", " ", StringComparison.Ordinal);
        return Task.CompletedTask;
    }

    private static int GrpcStatus(int status) => status switch
    {
        StatusCodes.Status404NotFound or StatusCodes.Status405MethodNotAllowed => 12,
        StatusCodes.Status403Forbidden => 7,
        StatusCodes.Status504GatewayTimeout => 4,
        StatusCodes.Status413PayloadTooLarge => 8,
        StatusCodes.Status400BadRequest => 13,
        _ => 14,
    };

    private static bool IsConnectFailure(Exception cause) =>
        cause is HttpRequestException { HttpRequestError: HttpRequestError.ConnectionError or HttpRequestError.NameResolutionError or HttpRequestError.SecureConnectionError }
            or System.Net.Sockets.SocketException or System.Security.Authentication.AuthenticationException;

    private static IEnumerable<Exception> Causes(Exception? failure)
    {
        for (var cause = failure; cause is not null; cause = cause.InnerException)
        {
            yield return cause;
            if (cause is AggregateException aggregate)
            {
                foreach (var inner in aggregate.InnerExceptions.SelectMany(Causes))
                    yield return inner;
            }
        }
    }
}
