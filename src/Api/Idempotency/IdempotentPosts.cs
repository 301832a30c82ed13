using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using Gatehouse.Api.Access;
using Gatehouse.Api.Errors;
using Gatehouse.Api.Writes;
using Gatehouse.Persistence;
using Gatehouse.Persistence.Idempotency;
using Microsoft.AspNetCore.Http.Json;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Options;

namespace Gatehouse.Api.Idempotency;

/// <summary>
/// Runs a POST once for each <c>Idempotency-Key</c>: the answer is stored in the transaction of the write, and a repetition within 24 hours gets it
/// again. Failures are not stored, so a repetition tries again.
/// </summary>
internal sealed class IdempotentPosts(Writes.Writes writes, RequestAccess access, IOptions<JsonOptions> json)
{
    public const string Header = "Idempotency-Key";

    private const int MaxLength = 255;
    private static readonly TimeSpan Lifetime = TimeSpan.FromHours(24);

    /// <summary>Runs the POST or repeats its answer.</summary>
    /// <typeparam name="T">Document that the POST answers with.</typeparam>
    /// <param name="context">Request.</param>
    /// <param name="tenantId">Tenant of the write.</param>
    /// <param name="body">Body of the request.</param>
    /// <param name="work">The write.</param>
    /// <param name="forget">What of the document must not be stored (a secret that is shown once) is taken out here.</param>
    public async Task<Result<Posted<T>>> RunAsync<T>(
        HttpContext context,
        Guid tenantId,
        JsonElement body,
        Func<WriteTransaction, CancellationToken, Task<Result<Written<T>>>> work,
        Func<T, T>? forget = null)
    {
        if (!TryReadKey(context.Request, out var key, out var invalid))
            return invalid;
        return await writes.RunAsync<Posted<T>>(context, tenantId, async (transaction, cancellationToken) =>
        {
            if (transaction.DryRun)
                key = null;
            var hash = HashOf(context.Request, body);
            if (key is not null && await FindAsync(transaction, key, cancellationToken) is { } stored)
                return CryptographicOperations.FixedTimeEquals(stored.RequestHash, hash) ? new Posted<T>(null, stored) : new KeyReusedError();
            var result = await work(transaction, cancellationToken);
            if (!result.TryGet(out var written, out var error))
                return error;
            if (key is not null)
                Store(transaction, key, hash, written, forget);
            return new Posted<T>(written, null);
        });
    }

    private static bool TryReadKey(HttpRequest request, out string? key, out Error invalid)
    {
        (key, invalid) = (null, new InvalidError("@" + Header, "invalid_format", $"{Header} is one header of 1 to {MaxLength} printable ASCII characters."));
        if (!request.Headers.TryGetValue(Header, out var values))
            return true;
        if (values is not [{ Length: > 0 and <= MaxLength } value] || value.Any(static c => c is < ' ' or > '~'))
            return false;
        key = value;
        return true;
    }

    private string ActorKey => $"{access.Caller.Actor.Kind}:{access.Caller.Actor.Id}";

    private async Task<IdempotencyKey?> FindAsync(WriteTransaction transaction, string key, CancellationToken cancellationToken)
    {
        // A repetition that overtakes the first run waits here for its end.
        var turn = $"{transaction.TenantId} {ActorKey} {key}";
        await transaction.Db.Database.ExecuteSqlAsync($"SELECT pg_advisory_xact_lock(hashtextextended({turn}, 0))", cancellationToken);
        var since = transaction.Now - Lifetime;
        await transaction.Db.IdempotencyKeys.Where(stored => stored.CreatedAt <= since).ExecuteDeleteAsync(cancellationToken);
        return await transaction.Db.IdempotencyKeys.AsNoTracking()
            .FirstOrDefaultAsync(stored => stored.Actor == ActorKey && stored.Key == key, cancellationToken);
    }

    private void Store<T>(WriteTransaction transaction, string key, byte[] hash, Written<T> written, Func<T, T>? forget) =>
        transaction.Db.IdempotencyKeys.Add(new IdempotencyKey
        {
            TenantId = transaction.TenantId,
            Actor = ActorKey,
            Key = key,
            RequestHash = hash,
            Status = StatusCodes.Status201Created,
            Body = JsonSerializer.Serialize(forget is null ? written.Document : forget(written.Document), json.Value.SerializerOptions),
            Location = written.Location,
            ETag = written.ETag,
            CreatedAt = transaction.Now,
        });

    private static byte[] HashOf(HttpRequest request, JsonElement body) =>
        SHA256.HashData(Encoding.UTF8.GetBytes($"{request.Method} {request.Path} {request.QueryString}\n{JsonSerializer.Serialize(body)}"));
}

/// <summary>What a POST answers: what it wrote, or what its first run answered.</summary>
/// <typeparam name="T">Document.</typeparam>
/// <param name="Written">What it wrote.</param>
/// <param name="Stored">What its first run answered.</param>
internal sealed record Posted<T>(Written<T>? Written, IdempotencyKey? Stored);
