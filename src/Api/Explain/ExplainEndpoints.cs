using Gatehouse.Api.Access;
using Gatehouse.Api.Bodies;
using Gatehouse.Api.Errors;
using Gatehouse.Api.OpenApi;
using Gatehouse.Contracts.Api;
using Gatehouse.Control.Compiling;
using Gatehouse.Gateway.Explanation;
using Gatehouse.Persistence.Identity;
using Microsoft.AspNetCore.Http.HttpResults;

namespace Gatehouse.Api.Explain;

/// <summary>Explains what a request would get, by the matcher that the data planes use.</summary>
internal static class ExplainEndpoints
{
    public static void MapExplain(this IEndpointRouteBuilder tenant) =>
        tenant.MapPost("/explain", ExplainAsync).RequireRole(Role.Viewer).WithTags("Explain")
            .Describe("explainRequest", "Explain which listener, rule and backends a request gets, and why others lose").Accepts<ExplainQuery>(JsonBody.Json);

    private static async Task<Results<Ok<ExplainView>, ProblemResult>> ExplainAsync(
        HttpContext context, RequestAccess access, CompileHost host, CancellationToken cancellationToken)
    {
        var viewer = access.Caller.PlatformAdmin ? null : access.Tenant.Name;
        var body = await JsonBody.ReadAsync(context.Request, JsonBody.Json, cancellationToken);
        if (!body.TryGet(out var json, out var error) || !ExplainDraft.Read(json, viewer).TryGet(out var draft, out error))
            return error.ToProblem();
        if (host.Current is not { IsLoaded: true } state)
            return StartingError.Instance.ToProblem();
        return TypedResults.Ok(Explainer.Explain(state.Snapshot, draft.Pool, draft.Request).ToDocument(state.Revision));
    }
}
