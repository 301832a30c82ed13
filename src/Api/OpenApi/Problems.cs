using System.Text.Json.Nodes;
using Gatehouse.Api.Errors;
using Microsoft.OpenApi;

namespace Gatehouse.Api.OpenApi;

/// <summary>The answers that failures have in common, as components of the document.</summary>
internal static class Problems
{
    private static readonly Dictionary<int, (string Name, string Code, string Description)> Known = new()
    {
        [400] = ("Malformed", "malformed_json", "The body is not JSON; `line` and `column` say where."),
        [401] = ("Unauthenticated", "unauthenticated", "No token, or one that does not work."),
        [403] = ("Forbidden", "forbidden", "The role in the tenant is too low."),
        [404] = ("NotFound", "not_found", "Missing, or another tenant's: the two cannot be told apart."),
        [409] = ("Conflict", "conflict", "The stored state does not allow it; `referrers` lists what stands in the way."),
        [412] = ("PreconditionFailed", "precondition_failed", "If-Match or If-None-Match does not hold."),
        [413] = ("TooLarge", "too_large", "The body is too long."),
        [415] = ("UnsupportedMediaType", "unsupported_media_type", "The body has another format."),
        [422] = ("Invalid", "invalid", "Fields or parameters are wrong; `errors` lists all of them."),
        [429] = ("TooManyRequests", "rate_limited", "Too many requests with this token."),
        [503] = ("Unavailable", "database_unavailable", "Postgres cannot be reached; proxied traffic is not affected."),
        [504] = ("WaitTimeout", "wait_timeout", "The condition did not become True in time (`conditions` says how it stands), or no sync worker answered."),
    };

    /// <summary>Name of the component of a status.</summary>
    public static string NameOf(int status) => Known[status].Name;

    /// <summary>Adds the components.</summary>
    public static void AddTo(OpenApiDocument document)
    {
        foreach (var (status, (name, code, description)) in Known)
            document.AddComponent(name, Response(document, status, code, description));
    }

    private static OpenApiResponse Response(OpenApiDocument document, int status, string code, string description)
    {
        var response = new OpenApiResponse
        {
            Description = description,
            Content = new Dictionary<string, OpenApiMediaType>
            {
                [ProblemResult.ContentType] = new()
                {
                    Schema = new OpenApiSchemaReference("ApiProblem", document),
                    Example = new JsonObject
                    {
                        ["type"] = "urn:gatehouse:problem:" + code,
                        ["title"] = description,
                        ["status"] = status,
                        ["code"] = code,
                        ["traceId"] = "4bf92f3577b34da6a3ce929d0e0e4736",
                    },
                },
            },
        };
        if (status is 429 or 503)
        {
            response.Headers = new Dictionary<string, IOpenApiHeader>
            {
                ["Retry-After"] = new OpenApiHeader { Description = "Seconds to wait.", Schema = new OpenApiSchema { Type = JsonSchemaType.Integer } },
            };
        }
        return response;
    }
}
