using Gatehouse.DataPlane.Routing;

namespace Gatehouse.DataPlane.Telemetry;

/// <summary>Is told of every request when it has ended.</summary>
internal sealed class RequestTelemetry(AccessLog accessLog, TimeProvider clock)
{
    public void Completed(HttpContext context, RequestDecision decision)
    {
        var elapsed = clock.GetElapsedTime(decision.Started);
        accessLog.Write(context, decision, elapsed);
    }
}
