using System.Net;
using Gatehouse.DataPlane.Actions;
using Gatehouse.DataPlane.Backends;
using Gatehouse.DataPlane.Bodies;
using Gatehouse.DataPlane.Forwarding;
using Gatehouse.DataPlane.Routing;
using Gatehouse.Gateway.Matching;
using Microsoft.AspNetCore.Http.Features;

namespace Gatehouse.DataPlane.Authorization;

/// <summary>Asks authorization services; whatever is not a clear yes refuses the request (https://gateway-api.sigs.k8s.io/reference/spec/#httpexternalauthfilter).</summary>
internal sealed partial class ExternalAuthorizer(BackendRegistry backends, RequestHeaders requestHeaders, TimeProvider clock, ILogger<ExternalAuthorizer> log)
{
    /// <summary>How long a service may take.</summary>
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(5);

    /// <summary>Whether the request may go on; otherwise it is answered, or the decision's fault says why not.</summary>
    public async ValueTask<bool> AllowsAsync(HttpContext context, RouteTable table, RequestDecision decision, AuthGate gate)
    {
        if (gate.Action.Backend is not { } key)
            return Refuse(decision, Fault.AuthInvalid);
        if (!table.Backends.TryGetValue(key, out var backend))
            return Refuse(decision, Fault.AuthUnavailable);
        backend.Enter();
        try
        {
            if (await BodyAsync(context, gate.Action) is not { } body)
                return Refuse(decision, Fault.BodyTooLarge);
            var verdict = await AskAsync(context, decision, gate, backend, body);
            if (verdict is AuthGrant grant)
            {
                (decision.Grants ??= []).Add((gate, grant));
                return true;
            }
            if (verdict is not AuthDenial denial)
                return Refuse(decision, Fault.AuthUnavailable);
            decision.Fault = Fault.AuthDenied;
            decision.IsAnswered = true;
            await AnswerAsync(context, decision, denial);
            return false;
        }
        finally
        {
            backend.Leave();
        }
    }

    private async Task<AuthVerdict> AskAsync(HttpContext context, RequestDecision decision, AuthGate gate, BackendState backend, ReadOnlyMemory<byte> body)
    {
        if (EndpointPicker.Pick(backend) is not { } endpoint)
            return AuthVerdict.Unclear;
        var path = backends.PathOf(backend, new PathNeeds(gate.Action.Grpc, decision.Listener!.BackendClientCertificate, false));
        using var headers = HeadersOf(context, decision, gate);
        var question = new AuthQuestion(
            gate.Action, context, decision.Asked, headers, body, path.PrefixOf(endpoint.Model.Config.Address), path.Model.Config.HttpRequest!.Version ?? HttpVersion.Version11);
        using var patience = CancellationTokenSource.CreateLinkedTokenSource(context.RequestAborted);
        patience.CancelAfter(Patience);
        try
        {
            return gate.Action.Grpc
                ? await GrpcAuthService.AskAsync(question, path.Client.Invoker, clock.GetUtcNow(), patience.Token)
                : await HttpAuthService.AskAsync(question, path.Client.Invoker, patience.Token);
        }
        catch (Exception failure) when (!context.RequestAborted.IsCancellationRequested)
        {
            Log.Failed(log, decision.Rule!.Id, failure.GetType().Name);
            return AuthVerdict.Unclear;
        }
    }

    /// <summary>The body that the service gets; null: it is larger than allowed ("Bodies over that size must be rejected with a 4xx series error").</summary>
    private static async ValueTask<ReadOnlyMemory<byte>?> BodyAsync(HttpContext context, ExternalAuthAction action)
    {
        if (action.MaxBodyBytes == 0 || context.Features.Get<IHttpRequestBodyDetectionFeature>()?.CanHaveBody != true || context.Request.Headers.Upgrade.Count > 0
            || HttpMethods.IsConnect(context.Request.Method))
        {
            return ReadOnlyMemory<byte>.Empty;
        }
        var most = (int)action.MaxBodyBytes;
        if (context.Request.ContentLength > most)
            return null;
        var tap = RequestTap.Of(context.Request, most);
        return await tap.FillAsync(most, context.RequestAborted) ? tap.Kept : (ReadOnlyMemory<byte>?)null;
    }

    // As they would go to the backend if this were the last filter.
    private HttpRequestMessage HeadersOf(HttpContext context, RequestDecision decision, AuthGate gate)
    {
        var message = new HttpRequestMessage { Content = new NoContent() };
        requestHeaders.Copy(context, message, decision);
        message.Content.Headers.Remove("Content-Length");
        if (!RequestSteps.Apply(message, decision, decision.Rule!.Actions, gate))
            RequestSteps.Apply(message, decision, decision.Backend!.Actions, gate);
        return message;
    }

    private static Task AnswerAsync(HttpContext context, RequestDecision decision, AuthDenial denial)
    {
        var response = context.Response;
        response.StatusCode = denial.Status;
        AuthHeaders.Apply(response.Headers, denial.Headers);
        decision.Cors?.Apply(context.Request.Headers, response.Headers);
        var hasBody = !HttpMethods.IsHead(context.Request.Method) && denial.Status is not (StatusCodes.Status304NotModified or StatusCodes.Status204NoContent or StatusCodes.Status205ResetContent);
        if (!hasBody)
            return Task.CompletedTask;
        response.ContentLength = denial.Body.Length;
        return response.Body.WriteAsync(denial.Body, context.RequestAborted).AsTask();
    }

    private static bool Refuse(RequestDecision decision, Fault fault)
    {
        decision.Fault = fault;
        return false;
    }

    private static partial class Log
    {
        [LoggerMessage(Level = LogLevel.Warning, Message = "The authorization service of rule {Rule} gave no answer that can be used ({Failure}); the request is refused.")]
        public static partial void Failed(ILogger logger, string rule, string failure);
    }
}
