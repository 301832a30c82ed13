using Gatehouse.DataPlane.Actions;
using Gatehouse.DataPlane.Challenges;
using Gatehouse.DataPlane.Listeners;
using Gatehouse.DataPlane.Routing;
using Gatehouse.DataPlane.Telemetry;
using Microsoft.AspNetCore.Connections.Features;
using Microsoft.AspNetCore.Http.Features;

namespace Gatehouse.DataPlane.Forwarding;

/// <summary>
/// The first step inside YARP's pipeline: decides who answers a request, hands it to that backend's cluster, and answers itself where
/// nobody else can.
/// </summary>
internal sealed class GatewayMiddleware(RequestDelegate next, TableStore tables, Gatekeeper gatekeeper, Exchange exchange, RequestTelemetry telemetry, TimeProvider clock)
{
    public async Task InvokeAsync(HttpContext context)
    {
        var origin = context.Features.GetRequiredFeature<ConnectionOrigin>();
        var decision = new RequestDecision { Started = clock.GetTimestamp() };
        context.Features.Set(decision);
        try
        {
            // A connection that was accepted just before its socket closed has not heard that it should end.
            if (origin.IsClosing)
                context.Features.Get<IConnectionLifetimeNotificationFeature>()?.RequestClose();
            var table = tables.Current;
            decision.Fault = RequestRouter.FindRule(context, origin, table, decision);
            if (decision.Listener?.Hsts is { } hsts)
                StrictTransport.Promise(context.Response, hsts);
            if (decision.Fault is not null)
                await AnswerAsync(context, decision, decision.Fault);
            else if (decision.Challenge is { } challenge)
                await HttpChallenge.AnswerAsync(context, challenge);
            else if (decision.HttpsRedirect is { } redirect)
                HttpsRedirects.Answer(context, decision, redirect);
            else
                await ForwardAsync(context, table, decision);
        }
        finally
        {
            telemetry.Completed(context, decision);
        }
    }

    private async Task ForwardAsync(HttpContext context, RouteTable table, RequestDecision decision)
    {
        await RunAsync(context, table, decision);
        if (decision.Fault is not null && !decision.IsAnswered)
            await AnswerAsync(context, decision, decision.Fault);
    }

    private async Task RunAsync(HttpContext context, RouteTable table, RequestDecision decision)
    {
        // The rule's time runs from here: authorization takes of it too.
        using var timeout = decision.Timeout = Deadline.Start(context, decision.Rule!.Timeout, clock);
        try
        {
            if (await DecideAsync(context, table, decision))
                await exchange.RunAsync(context, table, decision, next);
        }
        catch (OperationCanceledException) when (context.RequestAborted.IsCancellationRequested)
        {
            decision.Fault = timeout?.HasExpired == true ? Fault.RequestTimeout : Fault.ClientGone;
        }
        finally
        {
            timeout?.Restore();
        }
    }

    // What the rule says runs before a backend is chosen, what the backend's own filters say after it.
    private async ValueTask<bool> DecideAsync(HttpContext context, RouteTable table, RequestDecision decision)
    {
        var actions = decision.Rule!.Actions;
        if (actions.Gates.Length > 0 && !await gatekeeper.PassAsync(context, table, decision, actions))
            return false;
        decision.Fault = RequestRouter.ChooseBackend(context, table, decision, clock);
        if (decision.Fault is not null)
            return false;
        actions = decision.Backend!.Actions;
        if (actions.Gates.Length > 0 && !await gatekeeper.PassAsync(context, table, decision, actions))
            return false;
        RequestRouter.Rewrite(decision);
        return true;
    }

    private static Task AnswerAsync(HttpContext context, RequestDecision decision, Fault fault)
    {
        if (!context.Response.HasStarted)
            return ErrorResponder.WriteAsync(context, decision, fault);
        // The client must see that what it got is not all.
        context.Abort();
        return Task.CompletedTask;
    }
}
