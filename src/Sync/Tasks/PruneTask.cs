using System.Text.Json;
using Gatehouse.Sync.Clusters;

namespace Gatehouse.Sync.Tasks;

/// <summary>Confirms deletions that are held. Request: <c>{token}</c>; answer: <c>{confirmed}</c>.</summary>
internal sealed class PruneTask : IClusterTaskHandler
{
    public async Task<object> RunAsync(JsonElement request, SessionParts parts, SessionView view, CancellationToken cancellationToken)
    {
        var token = request.TryGetProperty("token", out var given) && given.ValueKind == JsonValueKind.String ? given.GetString()! : "";
        return new Answer(await view.ConfirmAsync(token, cancellationToken));
    }

    private sealed record Answer(bool Confirmed);
}
