using Gatehouse.Api.Bodies;
using Gatehouse.Api.Idempotency;
using Gatehouse.Api.Lists;
using Gatehouse.Api.Resources;

namespace Gatehouse.Api.OpenApi;

/// <summary>What the OpenAPI document says of an endpoint beyond its signature.</summary>
internal static class EndpointNotes
{
    /// <summary>Operation id and summary.</summary>
    public static RouteHandlerBuilder Describe(this RouteHandlerBuilder builder, string operationId, string summary) =>
        builder.WithName(operationId).WithSummary(summary);

    /// <summary>Operation id and summary of an endpoint that every kind has.</summary>
    public static RouteHandlerBuilder Describe(this RouteHandlerBuilder builder, ResourceType type, string verb, string summary) =>
        builder.Describe(verb + type.Kind, summary);

    /// <summary>limit and continue.</summary>
    public static RouteHandlerBuilder WithPageParameters(this RouteHandlerBuilder builder) => builder
        .Query("limit", "integer", $"Most items of the page, 1 to {ListQuery.MaxLimit}; default {ListQuery.DefaultLimit}.", "100")
        .Query("continue", "string", "Token of the page before.", "WyJodHRwcm91dGVzIiwid2ViIl0");

    /// <summary>limit, continue, search and labelSelector.</summary>
    public static RouteHandlerBuilder WithListParameters(this RouteHandlerBuilder builder) => builder
        .WithPageParameters()
        .Query("search", "string", "Part of the name.", "web")
        .Query("labelSelector", "string", "Label selector in Kubernetes' notation.", "app=web,tier in (a,b),!legacy");

    /// <summary>waitFor and timeout.</summary>
    public static RouteHandlerBuilder WithWaitParameters(this RouteHandlerBuilder builder) => builder
        .Query("waitFor", "string", "Condition to wait for. Answers at once when it is True, or False for good, at the current generation; 504 with the conditions at the timeout.", "Live")
        .Query("timeout", "string", "How long to wait, at most 5m; default 30s.", "30s");

    /// <summary>dryRun.</summary>
    public static RouteHandlerBuilder WithWriteParameters(this RouteHandlerBuilder builder) => builder
        .Query("dryRun", "boolean", "Runs all checks and changes nothing.", "true");

    /// <summary>takeover.</summary>
    public static RouteHandlerBuilder WithTakeover(this RouteHandlerBuilder builder) => builder
        .Query("takeover", "boolean", "Creates the Backend although references without kind mean the Service of its name now.", "true");

    /// <summary>dryRun, and cascade where it makes sense.</summary>
    public static RouteHandlerBuilder WithDeleteParameters(this RouteHandlerBuilder builder, bool cascade) => cascade
        ? builder.WithWriteParameters().Query("cascade", "boolean", "Deletes what references the object as well.", "true")
        : builder.WithWriteParameters();

    /// <summary>If-Match and If-None-Match.</summary>
    public static RouteHandlerBuilder WithPreconditions(this RouteHandlerBuilder builder) => builder
        .Header("If-Match", "ETag of the version to change; 412 if there is a newer one.", "\"AZrHc1\"")
        .Header("If-None-Match", "`*`: create only; 412 if the object exists.", "*");

    /// <summary>Idempotency-Key.</summary>
    public static RouteHandlerBuilder WithIdempotencyKey(this RouteHandlerBuilder builder) => builder
        .Header(IdempotentPosts.Header, "A repetition with the same key within 24 hours gets the first answer again.", "5f0c1c2e");

    /// <summary>The body is a JSON merge patch.</summary>
    public static RouteHandlerBuilder WithMergePatchBody(this RouteHandlerBuilder builder) => builder.Accepts<MergePatch>(JsonBody.MergePatch);

    /// <summary>The answer is a sync worker's: 409 and 504 say that it could not, or that there is none.</summary>
    public static RouteHandlerBuilder AsksWorker(this RouteHandlerBuilder builder) => builder.WithMetadata(WorkerNote.Instance);

    /// <summary>A query parameter.</summary>
    public static RouteHandlerBuilder Query(this RouteHandlerBuilder builder, string name, string type, string description, string example) =>
        builder.WithMetadata(new ParameterNote(name, ParameterPlace.Query, type, description, example));

    private static RouteHandlerBuilder Header(this RouteHandlerBuilder builder, string name, string description, string example) =>
        builder.WithMetadata(new ParameterNote(name, ParameterPlace.Header, "string", description, example));
}

/// <summary>Marks endpoints that ask a sync worker.</summary>
internal sealed class WorkerNote
{
    public static WorkerNote Instance { get; } = new();
}

/// <summary>A JSON merge patch (RFC 7396) of the object: what it names is replaced, null removes.</summary>
internal sealed class MergePatch : Dictionary<string, object?>;
