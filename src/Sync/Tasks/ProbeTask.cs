using System.Net;
using System.Text.Json;
using Gatehouse.Control.Clusters;
using Gatehouse.Gateway.Projection;
using Gatehouse.Gateway.Resources;
using Gatehouse.Sync.Clusters;
using Gatehouse.Sync.Probing;

namespace Gatehouse.Sync.Tasks;

/// <summary>
/// Proves a route before DNS moves: a request through the Gateway's addresses with the production Host, and on request one to where DNS points now.
/// Request: <c>{kind, tenant, name, hostname?, path, method, compare}</c>.
/// </summary>
internal sealed class ProbeTask : IClusterTaskHandler
{
    public async Task<object> RunAsync(JsonElement request, SessionParts parts, SessionView view, CancellationToken cancellationToken)
    {
        var asked = request.Deserialize<Asked>(JsonSerializerOptions.Web) ?? throw new TaskRefusedException("The request is empty.");
        var route = new ResourceKey(asked.Kind, asked.Tenant, asked.Name);
        var (target, allowed) = await view.AskAsync(state => (ProbeTarget.Find(route, asked.Hostname, state), state.Target.Spec.BackendAllow), cancellationToken);
        var answer = await AskAsync(target, asked, parts, cancellationToken);
        var reached = IsFromBackend(answer.Status);
        var message = answer.Status is { } status
            ? reached ? $"`{target.Hostname}{asked.Path}` answered {status} through {answer.Address}." : $"`{target.Hostname}{asked.Path}` answered {status} through {answer.Address}: that is what a gateway says without a backend. See what the route's conditions say, or ask for a path that its backend has."
            : $"`{target.Hostname}` does not answer at {answer.Address}: {answer.Problem}.";
        var probe = new ReportedProbe(parts.Time.GetUtcNow(), target.Generation, reached, answer.Address, answer.Status, message);
        await view.AskAsync(
            state =>
            {
                state.Probes[route] = probe;
                return state.Book.TouchedSources.Add(route);
            },
            cancellationToken);
        if (!asked.Compare)
            return new Answer(reached, message, answer, null, null);
        var present = await AskPresentAsync(target, asked, allowed ?? [], parts, cancellationToken);
        return new Answer(reached, message, answer, present, DifferencesOf(answer, present));
    }

    private static async Task<ProbeAnswer> AskAsync(ProbeTarget target, Asked asked, SessionParts parts, CancellationToken cancellationToken)
    {
        var last = new ProbeAnswer(target.Addresses[0], null, new Dictionary<string, string>(), null, 0, "its name has no address");
        foreach (var address in target.Addresses)
        {
            foreach (var resolved in IPAddress.TryParse(address, out var literal) ? [literal] : await ResolveAsync(address, parts, cancellationToken))
            {
                last = await ProbeRequest.SendAsync(resolved, target.Port, target.IsTls, target.Hostname, asked.Method, asked.Path, cancellationToken);
                if (last.Status is not null)
                    return last;
            }
        }
        return last;
    }

    // Whoever owns the name says where it points, so only what Backends may reach from here is asked.
    private static async Task<ProbeAnswer> AskPresentAsync(ProbeTarget target, Asked asked, IReadOnlyList<string> allowed, SessionParts parts, CancellationToken cancellationToken)
    {
        var addresses = await ResolveAsync(target.Hostname, parts, cancellationToken);
        if (addresses.Length == 0)
            return Unasked(target.Hostname, "DNS has no address for it");
        return addresses.FirstOrDefault(address => OutsideAddresses.IsAllowed(address, allowed)) is { } usable
            ? await ProbeRequest.SendAsync(usable, target.Port, target.IsTls, target.Hostname, asked.Method, asked.Path, cancellationToken)
            : Unasked(addresses[0].ToString(), "it is a private address, which is not asked unless backendAllow of the Cluster lists its range");
    }

    private static async Task<IPAddress[]> ResolveAsync(string name, SessionParts parts, CancellationToken cancellationToken)
    {
        try
        {
            return [.. (await parts.Options.Resolve(name, cancellationToken)).Select(IPAddress.Parse)];
        }
        catch (Exception failure) when (failure is System.Net.Sockets.SocketException or TimeoutException)
        {
            return [];
        }
    }

    private static ProbeAnswer Unasked(string address, string problem) => new(address, null, new Dictionary<string, string>(), null, 0, problem);

    // What gateways say themselves when no route or backend takes the request.
    private static bool IsFromBackend(int? status) => status is not (null or 404 or 421 or 500 or 502 or 503 or 504);

    private static List<string> DifferencesOf(ProbeAnswer next, ProbeAnswer present)
    {
        var differences = new List<string>();
        if (next.Status != present.Status)
            differences.Add($"status: {present.Status?.ToString(System.Globalization.CultureInfo.InvariantCulture) ?? "no answer"} now, {next.Status?.ToString(System.Globalization.CultureInfo.InvariantCulture) ?? "no answer"} here");
        if (next.BodyHash != present.BodyHash)
            differences.Add("body");
        differences.AddRange(next.Headers.Keys.Union(present.Headers.Keys).Order(StringComparer.Ordinal)
            .Where(name => next.Headers.GetValueOrDefault(name) != present.Headers.GetValueOrDefault(name)).Select(static name => $"header {name}"));
        return differences;
    }

    private sealed record Asked(string Kind, string Tenant, string Name, string? Hostname, string Path, string Method, bool Compare);

    private sealed record Answer(bool Reached, string Message, ProbeAnswer Here, ProbeAnswer? Present, IReadOnlyList<string>? Differences);
}
