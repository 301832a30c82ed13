using Gatehouse.DataPlane.Feed;
using Gatehouse.DataPlane.Telemetry;

namespace Gatehouse.DataPlane.Hosting;

/// <summary>Answers on the admin socket, which is not a listener: health and metrics of this process.</summary>
internal sealed class AdminEndpoints(Readiness readiness, FeedStatus feed, MetricsDump metrics)
{
    public Task AnswerAsync(HttpContext context)
    {
        switch (context.Request.Path.Value)
        {
            case "/livez":
                return WriteAsync(context, StatusCodes.Status200OK, "live");
            case "/readyz":
                return readiness.IsReady
                    ? WriteAsync(context, StatusCodes.Status200OK, "ready")
                    : WriteAsync(context, StatusCodes.Status503ServiceUnavailable, readiness.IsDraining ? "draining" : "no table yet");
            case "/metrics-json":
                context.Response.ContentType = "application/json";
                return metrics.WriteAsync(context.Response.BodyWriter, context.RequestAborted);
            case "/feed/accept" when HttpMethods.IsPost(context.Request.Method):
                feed.Accept();
                return WriteAsync(context, StatusCodes.Status202Accepted, feed.IsAccepted ? "accepted" : "nothing is held");
            default:
                return WriteAsync(context, StatusCodes.Status404NotFound, "not found");
        }
    }

    private static Task WriteAsync(HttpContext context, int status, string text)
    {
        context.Response.StatusCode = status;
        context.Response.ContentType = "text/plain";
        return context.Response.WriteAsync(text + "\n", context.RequestAborted);
    }
}
