using System.Diagnostics.Metrics;
using Gatehouse.DataPlane.Backends;
using Gatehouse.DataPlane.Bodies;
using Gatehouse.DataPlane.Forwarding;
using Gatehouse.DataPlane.Routing;
using Microsoft.AspNetCore.Http.Features;

namespace Gatehouse.DataPlane.Mirroring;

/// <summary>
/// Sends copies of requests to mirrors (https://gateway-api.sigs.k8s.io/reference/spec/#httprequestmirrorfilter): each to one endpoint, with
/// the headers that the backend gets, never waited for, its answer thrown away. What cannot be sent is dropped and counted.
/// </summary>
internal sealed class Mirrors : IDisposable
{
    /// <summary>Copies on their way to one backend; a mirror that hangs must not eat the memory of all.</summary>
    private const int MaxCopies = 128;

    private static readonly UriCreationOptions AsReceived = new() { DangerousDisablePathAndQueryCanonicalization = true };

    private readonly Meter _meter = new("Gatehouse.DataPlane.Mirroring");
    private long _sent;
    private long _dropped;

    public Mirrors()
    {
        _meter.CreateObservableCounter("gatehouse.mirror.sent", () => Sent, "{request}", "Copies of requests that were sent to mirrors.");
        _meter.CreateObservableCounter("gatehouse.mirror.dropped", () => Dropped, "{request}", "Copies that no mirror could take, or that one took too slowly.");
    }

    public long Sent => Volatile.Read(ref _sent);

    public long Dropped => Volatile.Read(ref _dropped);

    /// <summary>Draws which mirrors get a copy, before anything of the request's body is read.</summary>
    public void Prepare(HttpContext context, RouteTable table, RequestDecision decision)
    {
        Prepare(context, table, decision, decision.Rule!.Actions.Mirrors);
        Prepare(context, table, decision, decision.Backend!.Actions.Mirrors);
    }

    /// <summary>Sends the copies of a request as it goes to its backend.</summary>
    public void Send(RequestDecision decision, HttpRequestMessage original)
    {
        foreach (var copy in decision.Copies!)
        {
            if (copy.IsSent)
                continue;
            copy.IsSent = true;
            _ = SendAsync(copy, MessageOf(copy, decision.Target, original));
        }
    }

    /// <summary>Tells the copies that nothing more of the request comes.</summary>
    public static void End(RequestDecision decision)
    {
        foreach (var copy in decision.Copies!)
        {
            if (copy.IsSent)
                copy.Body?.Abandon();
            else
                Release(copy);
        }
    }

    public void Dispose() => _meter.Dispose();

    private void Prepare(HttpContext context, RouteTable table, RequestDecision decision, MirrorTarget[] mirrors)
    {
        if (mirrors.Length == 0 || IsTunnel(context))
            return;
        foreach (var mirror in mirrors)
        {
            if (!mirror.Draw())
                continue;
            if (!table.Backends.TryGetValue(mirror.Backend, out var backend) || EndpointPicker.Pick(backend) is not { } endpoint || !backend.TryEnter(MaxCopies))
            {
                Interlocked.Increment(ref _dropped);
                continue;
            }
            var copy = new MirrorCopy(backend, endpoint);
            (decision.Copies ??= []).Add(copy);
            if (context.Features.Get<IHttpRequestBodyDetectionFeature>()?.CanHaveBody == true)
                RequestTap.Of(context.Request, 0).Attach(copy.WithBody(context.Request.ContentLength));
        }
    }

    private async Task SendAsync(MirrorCopy copy, HttpRequestMessage message)
    {
        try
        {
            if (copy.Body is null)
                copy.Hurry();
            using (message)
            using (await copy.Backend.Client.Invoker.SendAsync(message, copy.Ended))
            {
                if (copy.Body is not null)
                    await copy.Body.Sent.WaitAsync(copy.Ended);
                Interlocked.Increment(ref _sent);
            }
        }
        catch (Exception)
        {
            // Whatever is wrong with a mirror is not the request's.
            Interlocked.Increment(ref _dropped);
        }
        finally
        {
            copy.Body?.Abandon();
            Release(copy);
        }
    }

    private static HttpRequestMessage MessageOf(MirrorCopy copy, string target, HttpRequestMessage original)
    {
        var http = copy.Backend.Cluster.Model.Config.HttpRequest!;
        var message = new HttpRequestMessage(original.Method, new Uri(copy.Endpoint.Model.Config.Address + target, AsReceived))
        {
            Version = http.Version!,
            VersionPolicy = http.VersionPolicy!.Value,
            Content = copy.Body is null ? original.Content is null ? null : new NoContent() : copy.Body,
        };
        foreach (var (name, values) in original.Headers.NonValidated)
            message.Headers.TryAddWithoutValidation(name, (IEnumerable<string>)values);
        if (original.Content is null || message.Content is null)
            return message;
        foreach (var (name, values) in original.Content.Headers.NonValidated)
            message.Content.Headers.TryAddWithoutValidation(name, (IEnumerable<string>)values);
        return message;
    }

    private static void Release(MirrorCopy copy)
    {
        copy.Backend.LeaveCopy();
        copy.Dispose();
    }

    private static bool IsTunnel(HttpContext context) =>
        context.Request.Headers.Upgrade.Count > 0 || context.Features.Get<IHttpExtendedConnectFeature>() is { IsExtendedConnect: true };
}
