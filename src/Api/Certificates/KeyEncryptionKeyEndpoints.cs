using Gatehouse.Api.Access;
using Gatehouse.Api.OpenApi;
using Gatehouse.Contracts.Api;
using Gatehouse.Control.PrivateKeys;
using Gatehouse.Persistence.PrivateKeys;
using Microsoft.AspNetCore.Http.HttpResults;

namespace Gatehouse.Api.Certificates;

/// <summary>Shows platform admins how far a rotation is.</summary>
internal static class KeyEncryptionKeyEndpoints
{
    public static RouteGroupBuilder MapKeyEncryptionKeys(this IEndpointRouteBuilder api)
    {
        var group = api.MapGroup("/keyencryptionkeys").WithTags("Platform").RequirePlatformAdmin();
        group.MapGet("/", ListAsync).Describe("listKeyEncryptionKeys", "List key-encryption keys and how much lies under each");
        return group;
    }

    private static async Task<Ok<ListPage<KeyEncryptionKeyView>>> ListAsync(KeyRingSource keys, PrivateKeyCheck check, CancellationToken cancellationToken)
    {
        var counts = await check.CountAsync(cancellationToken);
        var ring = keys.Current;
        var ids = (ring?.Ids ?? []).Union(counts.Keys).Order(StringComparer.Ordinal);
        return TypedResults.Ok(new ListPage<KeyEncryptionKeyView>([.. ids.Select(id => new KeyEncryptionKeyView
        {
            Id = id,
            Configured = ring?.Ids.Contains(id) == true,
            Active = ring?.ActiveId == id,
            PrivateKeys = counts.GetValueOrDefault(id),
        })]));
    }
}
