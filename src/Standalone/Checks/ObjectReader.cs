using System.Net;
using System.Text.Json;
using Gatehouse.Standalone.Manifests;

namespace Gatehouse.Standalone.Checks;

/// <summary>Reads all objects that a token may read.</summary>
internal sealed class ObjectReader(HttpClient http)
{
    private static readonly (string Plural, string Kind)[] TenantKinds =
    [
        ("gateways", "Gateway"), ("listenersets", "ListenerSet"), ("hostnames", "Hostname"), ("httproutes", "HTTPRoute"), ("grpcroutes", "GRPCRoute"), ("tlsroutes", "TLSRoute"),
        ("tcproutes", "TCPRoute"), ("udproutes", "UDPRoute"), ("backends", "Backend"), ("backendtlspolicies", "BackendTLSPolicy"), ("certificates", "Certificate"),
        ("configmaps", "ConfigMap"), ("referencegrants", "ReferenceGrant"),
    ];

    /// <summary>Reads them.</summary>
    /// <param name="tenant">This tenant's alone; null: those of all, and the platform's classes and clusters.</param>
    /// <param name="cluster">What concerns this cluster alone; null: everything.</param>
    /// <param name="cancellationToken">Ends it.</param>
    /// <exception cref="StartupFailure">The API does not answer, or refuses.</exception>
    public async Task<IReadOnlyList<CheckedObject>> ReadAsync(string? tenant, string? cluster, CancellationToken cancellationToken)
    {
        var objects = new List<CheckedObject>();
        foreach (var one in tenant is null ? await TenantsAsync(cancellationToken).ConfigureAwait(false) : [tenant])
        {
            foreach (var (plural, kind) in TenantKinds)
                objects.AddRange((await ListAsync($"tenants/{Uri.EscapeDataString(one)}/{plural}", cancellationToken, isRequired: true).ConfigureAwait(false)).Select(item => Read(item, kind, one)));
        }
        if (tenant is null)
        {
            objects.AddRange((await ListAsync("gatewayclasses", cancellationToken).ConfigureAwait(false)).Select(static item => Read(item, "GatewayClass", null)));
            objects.AddRange(await ClustersAsync(cancellationToken).ConfigureAwait(false));
        }
        if (cluster is null)
            return objects;
        var concerned = objects.FindAll(item => item.Clusters.Contains(cluster));
        return concerned.Count > 0 || tenant is not null ? concerned : throw new StartupFailure($"nothing that this token may read concerns a cluster '{cluster}': see the name, or give a token that may read it.");
    }

    private async Task<IEnumerable<string>> TenantsAsync(CancellationToken cancellationToken) =>
        (await ListAsync("tenants", cancellationToken, isRequired: true).ConfigureAwait(false)).Select(static item => item.GetProperty("name").GetString()!);

    private async Task<List<CheckedObject>> ClustersAsync(CancellationToken cancellationToken)
    {
        var objects = new List<CheckedObject>();
        foreach (var item in await ListAsync("clusters", cancellationToken).ConfigureAwait(false))
        {
            var cluster = Read(item, "Cluster", null);
            objects.Add(cluster with { Clusters = [cluster.Name] });
            objects.AddRange((await ListAsync($"clusters/{Uri.EscapeDataString(cluster.Name)}/namespaces", cancellationToken).ConfigureAwait(false))
                .Select(found => Read(found, "ClusterNamespace", cluster.Name) with { Clusters = [cluster.Name] }));
        }
        return objects;
    }

    /// <summary>All pages. What the token may not read is empty, unless it is needed.</summary>
    private async Task<List<JsonElement>> ListAsync(string path, CancellationToken cancellationToken, bool isRequired = false)
    {
        var items = new List<JsonElement>();
        string? next = null;
        do
        {
            using var request = new HttpRequestMessage(HttpMethod.Get, $"{path}?limit=500{(next is null ? "" : $"&continue={Uri.EscapeDataString(next)}")}");
            using var response = await ApiAccess.SendAsync(http, request, cancellationToken).ConfigureAwait(false);
            if (response.StatusCode == HttpStatusCode.Forbidden && !isRequired)
                return items;
            if (!response.IsSuccessStatusCode)
                throw new StartupFailure($"{path} cannot be read: {await ApiAccess.DetailAsync(response, cancellationToken).ConfigureAwait(false)}");
            var page = await PageAsync(response, path, cancellationToken).ConfigureAwait(false);
            items.AddRange(page.GetProperty("items").EnumerateArray());
            next = page.TryGetProperty("continue", out var more) && more.ValueKind == JsonValueKind.String ? more.GetString() : null;
        }
        while (next is not null);
        return items;
    }

    private static async Task<JsonElement> PageAsync(HttpResponseMessage response, string path, CancellationToken cancellationToken)
    {
        try
        {
            var text = await response.Content.ReadAsStreamAsync(cancellationToken).ConfigureAwait(false);
            using var document = await JsonDocument.ParseAsync(text, new JsonDocumentOptions { MaxDepth = 128 }, cancellationToken).ConfigureAwait(false);
            return document.RootElement.TryGetProperty("items", out var items) && items.ValueKind == JsonValueKind.Array
                ? document.RootElement.Clone()
                : throw new StartupFailure($"{path} is no list: is this the API of Gatehouse?");
        }
        catch (Exception e) when (e is JsonException or HttpRequestException or IOException)
        {
            throw new StartupFailure($"{path} cannot be read: the answer broke off, or is not the API's.", e);
        }
    }

    private static CheckedObject Read(JsonElement item, string kind, string? tenant)
    {
        var status = item.TryGetProperty("status", out var found) && found.ValueKind == JsonValueKind.Object ? found : default;
        return new CheckedObject(
            kind,
            tenant,
            Text(item, "name"),
            [.. ItemsOf(status, "clusters").Select(static cluster => Text(cluster, "cluster"))],
            [.. ItemsOf(status, "conditions").Select(static condition => new CheckedCondition(Text(condition, "type"), Text(condition, "status"), Text(condition, "reason"), Text(condition, "message")))]);
    }

    private static List<JsonElement> ItemsOf(JsonElement holder, string name) =>
        holder.ValueKind == JsonValueKind.Object && holder.TryGetProperty(name, out var items) && items.ValueKind == JsonValueKind.Array ? [.. items.EnumerateArray()] : [];

    private static string Text(JsonElement holder, string name) =>
        holder.TryGetProperty(name, out var value) && value.ValueKind == JsonValueKind.String ? value.GetString()! : "";
}
