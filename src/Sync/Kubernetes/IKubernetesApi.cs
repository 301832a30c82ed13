using System.Text.Json.Nodes;

namespace Gatehouse.Sync.Kubernetes;

/// <summary>One cluster's API server. The only way to it, so that another client can take this one's place.</summary>
internal interface IKubernetesApi : IAsyncDisposable
{
    /// <summary>What <c>/version</c> says, for example <c>v1.36.0</c>.</summary>
    Task<string> GetVersionAsync(CancellationToken cancellationToken);

    /// <summary>A served kind; null: the server does not serve it. Kept; read again after a 404, or when <see cref="ForgetDiscovery"/> was called.</summary>
    /// <param name="apiVersion"><c>group/version</c>, or <c>v1</c>.</param>
    /// <param name="kind">Kind.</param>
    /// <param name="cancellationToken">Ends it.</param>
    Task<ApiKind?> FindKindAsync(string apiVersion, string kind, CancellationToken cancellationToken);

    /// <summary>Versions of a group that the server serves, such as <c>v1</c> and <c>v1beta1</c>, in its order of preference; empty: none. Not kept.</summary>
    Task<IReadOnlyList<string>> ListVersionsAsync(string group, CancellationToken cancellationToken);

    /// <summary>All kinds of a group version; empty: the server does not serve it. Kept as those of <see cref="FindKindAsync"/>.</summary>
    Task<IReadOnlyList<ApiKind>> ListKindsAsync(string apiVersion, CancellationToken cancellationToken);

    /// <summary>Forgets what was discovered: CRDs changed.</summary>
    void ForgetDiscovery();

    /// <summary>Reads an object; null: there is none.</summary>
    Task<JsonObject?> GetAsync(ApiKind kind, string? ns, string name, CancellationToken cancellationToken);

    /// <summary>Reads all objects, page by page; starts over when a page's token is too old.</summary>
    Task<ObjectList> ListAsync(ApiKind kind, string? ns, string? labelSelector, CancellationToken cancellationToken);

    /// <summary>Reads all objects as <see cref="ListAsync"/> does and keeps none.</summary>
    /// <param name="kind">Kind.</param>
    /// <param name="ns">Namespace; null: all.</param>
    /// <param name="labelSelector">Selector; null: all.</param>
    /// <param name="begin">Called before the first object, and whenever it starts over: what was taken before counts no more.</param>
    /// <param name="take">Takes each object.</param>
    /// <param name="cancellationToken">Ends it.</param>
    Task EachAsync(ApiKind kind, string? ns, string? labelSelector, Action begin, Action<JsonObject> take, CancellationToken cancellationToken);

    /// <summary>
    /// Lists and then watches until cancelled: never ends by itself, never throws but for cancellation. Failures are told as
    /// <see cref="WatchFailed"/> and tried again with backoff.
    /// </summary>
    IAsyncEnumerable<WatchSignal> WatchAsync(ApiKind kind, string? ns, string? labelSelector, CancellationToken cancellationToken);

    /// <summary>Server-side apply: the whole intent.</summary>
    /// <param name="kind">Kind.</param>
    /// <param name="ns">Namespace.</param>
    /// <param name="name">Name.</param>
    /// <param name="manifest">JSON.</param>
    /// <param name="options">Options.</param>
    /// <param name="cancellationToken">Ends it.</param>
    /// <exception cref="KubernetesException">Refused; conflicts carry their causes.</exception>
    Task<Applied> ApplyAsync(ApiKind kind, string? ns, string name, ReadOnlyMemory<byte> manifest, ApplyOptions options, CancellationToken cancellationToken);

    /// <summary>Deletes an object if it is still the one that is meant; false: it is gone already.</summary>
    /// <exception cref="KubernetesException">Refused; 409 if the preconditions do not hold.</exception>
    Task<bool> DeleteAsync(ApiKind kind, string? ns, string name, string? uid, string? resourceVersion, CancellationToken cancellationToken);
}

/// <summary>A kind that is served.</summary>
/// <param name="Group">API group; empty: core.</param>
/// <param name="Version">Version.</param>
/// <param name="Kind">Kind.</param>
/// <param name="Plural">Path segment.</param>
/// <param name="IsNamespaced">Whether objects lie in namespaces.</param>
internal sealed record ApiKind(string Group, string Version, string Kind, string Plural, bool IsNamespaced)
{
    /// <summary><c>group/version</c>, or the version alone for core.</summary>
    public string ApiVersion => Group.Length == 0 ? Version : $"{Group}/{Version}";
}

/// <summary>A list at one moment.</summary>
internal sealed record ObjectList(IReadOnlyList<JsonObject> Items, string ResourceVersion);

/// <summary>Options of an apply.</summary>
/// <param name="FieldManager">Who owns the fields.</param>
/// <param name="Force">Whether fields are taken from other managers.</param>
/// <param name="DryRun">Whether nothing is stored.</param>
internal sealed record ApplyOptions(string FieldManager, bool Force = false, bool DryRun = false);

/// <summary>Outcome of an apply.</summary>
/// <param name="Object">The object as it is now.</param>
/// <param name="Created">Whether it is new (201).</param>
internal sealed record Applied(JsonObject Object, bool Created);

/// <summary>What a watch tells.</summary>
internal abstract record WatchSignal;

/// <summary>The whole list: at the start, and whenever the thread was lost. What is not in it is gone.</summary>
internal sealed record Relisted(IReadOnlyList<JsonObject> Items) : WatchSignal;

/// <summary>An object is new or changed.</summary>
internal sealed record Changed(JsonObject Object) : WatchSignal;

/// <summary>An object is gone, or no longer selected.</summary>
internal sealed record Removed(JsonObject Object) : WatchSignal;

/// <summary>The connection lives: a bookmark.</summary>
internal sealed record Alive : WatchSignal;

/// <summary>The watch broke and is tried again.</summary>
/// <param name="Failure">Why, in one line without secrets.</param>
/// <param name="Status">HTTP status; 0: there was no answer.</param>
internal sealed record WatchFailed(string Failure, int Status) : WatchSignal;

/// <summary>An answer that is no success.</summary>
internal sealed class KubernetesException(int status, string reason, string message, IReadOnlyList<FieldConflict>? conflicts = null, TimeSpan? retryAfter = null, Exception? inner = null)
    : Exception(message, inner)
{
    /// <summary>HTTP status; 0: there was no answer.</summary>
    public int Status => status;

    /// <summary>Reason of the Status object, such as <c>Conflict</c>.</summary>
    public string Reason => reason;

    /// <summary>Fields that other managers own, on a conflict of server-side apply.</summary>
    public IReadOnlyList<FieldConflict> Conflicts => conflicts ?? [];

    /// <summary>How long the server asks to wait.</summary>
    public TimeSpan? RetryAfter => retryAfter;

    /// <summary>Whether the same request may succeed later: no answer, 408, 429, 5xx.</summary>
    public bool IsTransient => Status is 0 or 408 or 429 or >= 500;
}

/// <summary>A field that another manager owns.</summary>
/// <param name="Manager">Who, as the server tells it.</param>
/// <param name="Field">Path such as <c>.spec.rules</c>.</param>
internal sealed record FieldConflict(string Manager, string Field);
