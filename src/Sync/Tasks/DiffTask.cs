using System.Text.Json;
using System.Text.Json.Nodes;
using Gatehouse.Control.Clusters;
using Gatehouse.Gateway.Projection;
using Gatehouse.Sync.Clusters;
using Gatehouse.Sync.Planning;

namespace Gatehouse.Sync.Tasks;

/// <summary>What differs between what is meant and what is there. Request: <c>{tenant?}</c>; answer: <c>{tenant?, items: [{id, action, fields, manifest?}]}</c>.</summary>
internal sealed class DiffTask : IClusterTaskHandler
{
    public async Task<object> RunAsync(JsonElement request, SessionParts parts, SessionView view, CancellationToken cancellationToken)
    {
        var tenant = request.TryGetProperty("tenant", out var given) && given.ValueKind == JsonValueKind.String ? given.GetString() : null;
        return await view.AskAsync(state => new Answer(tenant, [.. state.Book.Entries.Where(entry => tenant is null || TenantOf(entry) == tenant).OrderBy(static entry => entry.Key).Select(ItemOf).OfType<Item>()]), cancellationToken);
    }

    private static Item? ItemOf(ObjectEntry entry)
    {
        if (entry.Desired is not { } desired)
        {
            return entry.Observed is { } surplus && entry.Verdict is { Reason: WriteReason.Prune }
                ? new Item(IdOf(entry, surplus.Json["apiVersion"]?.GetValue<string>()), entry.Verdict.State == ObjectState.Held ? "hold" : "delete", [], null)
                : null;
        }
        var id = IdOf(entry, desired.Id.ApiVersion);
        if (entry.Verdict.State == ObjectState.Foreign || entry.Obstacle?.State == ObjectState.Foreign)
            return new Item(id, "foreign", [], desired.Manifest.DeepClone());
        if (entry.Observed is not { } observed)
            return new Item(id, "create", [], desired.Manifest.DeepClone());
        var differences = ObjectPlanner.Differences(desired, observed);
        if (differences.Count == 0 || entry.Verdict is { State: ObjectState.Applied })
            return null;
        var managers = ManagedFields.Of(observed.Json);
        var action = entry.Verdict.Reason == WriteReason.Change ? "update" : "repair";
        return new Item(id, action, [.. differences.Select(path => new Field(path.ToString(), managers.AreOursAlone(path) ? ObjectMarks.FieldManager : managers.ManagerOf(path)))], desired.Manifest.DeepClone());
    }

    private static Id IdOf(ObjectEntry entry, string? apiVersion) => new(apiVersion ?? entry.Kind?.ApiVersion, entry.Key.Kind, entry.Key.Namespace, entry.Key.Name);

    private static string? TenantOf(ObjectEntry entry) =>
        entry.Desired?.Manifest["metadata"]?["labels"]?[ObjectMarks.Tenant]?.GetValue<string>() ?? entry.Observed?.Label(ObjectMarks.Tenant);

    private sealed record Answer(string? Tenant, IReadOnlyList<Item> Items);

    private sealed record Item(Id Id, string Action, IReadOnlyList<Field> Fields, JsonNode? Manifest);

    private sealed record Id(string? ApiVersion, string Kind, string? Namespace, string Name);

    private sealed record Field(string Path, string Manager);
}
