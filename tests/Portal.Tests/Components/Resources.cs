using System.Text.Json;
using Gatehouse.Contracts.Api;

namespace Gatehouse.Portal.Tests.Components;

/// <summary>Objects as the API gives them.</summary>
internal static class Resources
{
    public static ApiObject<JsonElement> Route(string spec, params ObjectCondition[] conditions) => new()
    {
        Name = "web",
        Tenant = "shop",
        Generation = 2,
        Spec = JsonElement.Parse(spec),
        Status = new ObjectStatus { Conditions = conditions },
    };

    public static ApiObject<JsonElement> Backend(string spec, params EndpointStatus[] endpoints) => new()
    {
        Name = "v1",
        Tenant = "shop",
        Generation = 2,
        Spec = JsonElement.Parse(spec),
        Status = new ObjectStatus { Conditions = [], Endpoints = endpoints },
    };

    public static ObjectCondition Condition(string type, string status, string message = "as it is", long generation = 2) => new()
    {
        Type = type,
        Status = status,
        Reason = "Because",
        Message = message,
        ObservedGeneration = generation,
        LastTransitionTime = Rendering.Now.AddMinutes(-5),
    };

    public static ObjectCondition[] AllTrue() => [Condition("Accepted", "True"), Condition("ResolvedRefs", "True"), Condition("Programmed", "True"), Condition("Live", "True")];
}
