using Gatehouse.Api.Bodies;
using Gatehouse.Api.Database;
using Gatehouse.Api.Import;

namespace Gatehouse.Api.Errors;

/// <summary>Every failure becomes a problem: exceptions, and empty answers of the framework (no such path, method or media type).</summary>
internal sealed partial class FailureMiddleware(RequestDelegate next, ILogger<FailureMiddleware> logger)
{
    public async Task InvokeAsync(HttpContext context)
    {
        try
        {
            await next(context);
            if (!context.Response.HasStarted && context.Response is { ContentLength: null, ContentType: null } && ErrorOf(context) is { } error)
                await error.ToProblem().ExecuteAsync(context);
        }
        catch (OperationCanceledException) when (context.RequestAborted.IsCancellationRequested)
        {
            // Nobody waits for the answer.
        }
        catch (Exception exception) when (!context.Response.HasStarted)
        {
            await AnswerAsync(context, exception);
        }
    }

    private async Task AnswerAsync(HttpContext context, Exception exception)
    {
        Error error = exception switch
        {
            BadHttpRequestException { StatusCode: StatusCodes.Status413PayloadTooLarge } => new BodyTooLargeError(JsonBody.MaxBytes),
            BadHttpRequestException => new MalformedRequestError("The request could not be read."),
            _ when DatabaseFailures.IsUnavailable(exception) => DatabaseUnavailableError.Instance,
            _ => new UnexpectedError(),
        };
        if (error is DatabaseUnavailableError)
            Log.DatabaseUnavailable(logger, exception.GetType().Name);
        else if (error is UnexpectedError)
            Log.Failed(logger, exception, TraceId.Of(context));
        context.Response.Clear();
        await error.ToProblem().ExecuteAsync(context);
    }

    private static Error? ErrorOf(HttpContext context) => context.Response.StatusCode switch
    {
        StatusCodes.Status404NotFound => new NotFoundError(),
        StatusCodes.Status405MethodNotAllowed => new MethodNotAllowedError(),
        StatusCodes.Status415UnsupportedMediaType => new UnsupportedMediaTypeError(TypeOf(context.Request)),
        StatusCodes.Status400BadRequest => new MalformedRequestError("The request could not be read."),
        _ => null,
    };

    /// <summary>What the path takes; routing has forgotten it by now.</summary>
    private static string TypeOf(HttpRequest request)
    {
        if (request.Method == HttpMethods.Patch)
            return JsonBody.MergePatch;
        return request.Path.Value?.EndsWith("/import", StringComparison.Ordinal) == true ? ImportBody.Expected : JsonBody.Json;
    }

    private static partial class Log
    {
        [LoggerMessage(1, LogLevel.Warning, "The database cannot be reached ({Exception}).")]
        public static partial void DatabaseUnavailable(ILogger logger, string exception);

        [LoggerMessage(2, LogLevel.Error, "Request {TraceId} failed.")]
        public static partial void Failed(ILogger logger, Exception exception, string traceId);
    }
}

/// <summary>The path does not take this method.</summary>
internal sealed record MethodNotAllowedError() : Error(ErrorKind.MethodNotAllowed, "method_not_allowed", "The path does not take this method; see Allow.");
