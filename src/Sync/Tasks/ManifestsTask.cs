using System.Text.Json;
using System.Text.Json.Nodes;
using Gatehouse.Gateway.Projection;
using Gatehouse.Sync.Clusters;
using Gatehouse.Sync.Observing;
using Gatehouse.Sync.Planning;

namespace Gatehouse.Sync.Tasks;

/// <summary>
/// What would be applied, to the byte but for private keys: Secrets are without theirs. Request: <c>{tenant?}</c>; answer: <c>{items: [manifests]}</c>.
/// </summary>
internal sealed class ManifestsTask : IClusterTaskHandler
{
    public async Task<object> RunAsync(JsonElement request, SessionParts parts, SessionView view, CancellationToken cancellationToken)
    {
        var tenant = request.TryGetProperty("tenant", out var given) && given.ValueKind == JsonValueKind.String ? given.GetString() : null;
        return await view.AskAsync(
            state => state.Projection is { } projection
                ? new Answer([.. projection.Objects.Where(one => tenant is null || TenantOf(one) == tenant).Select(one => ManifestOf(one, state))])
                : throw new TaskRefusedException("The worker has only just taken over and knows nothing yet: ask again in a moment."),
            cancellationToken);
    }

    private static string? TenantOf(ProjectedObject projected) => projected.Manifest["metadata"]?["labels"]?[ObjectMarks.Tenant]?.GetValue<string>();

    // Weights that another controller owns are applied as they are in the cluster.
    private static JsonObject ManifestOf(ProjectedObject projected, SessionState state) =>
        projected.ExternalWeights && state.Book.Find(ObjectKey.Of(projected.Id))?.Observed is { } observed
            ? Weights.ReadBack(projected.Manifest, observed.Json)
            : (JsonObject)projected.Manifest.DeepClone();

    private sealed record Answer(IReadOnlyList<JsonObject> Items);
}
