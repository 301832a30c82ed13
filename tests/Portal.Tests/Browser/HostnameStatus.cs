using System.Text.Json.Nodes;

namespace Gatehouse.Portal.Tests.Browser;

/// <summary>What the API says of Hostnames' DNS and certificates.</summary>
internal static class HostnameStatus
{
    private static readonly string[] Resolvers = ["192.0.2.53", "198.51.100.53"];

    /// <summary>A status with both.</summary>
    public static JsonObject With(JsonObject status, JsonObject dns, JsonObject issuance)
    {
        status["dns"] = dns;
        status["issuance"] = issuance;
        return status;
    }

    public static JsonObject Unproven(string name)
    {
        var dns = Dns(name, "Missing", "NameMissing");
        dns["problems"] = new JsonArray(Problem("TxtMissing", "Tenant", $"`_gatehouse-challenge.{name}` has no TXT record.", "Set the TXT record that is listed, then check again."));
        return dns;
    }

    public static JsonObject Proven(string name)
    {
        var dns = Dns(name, "Found", "Answered");
        dns["proof"] = "Txt";
        return dns;
    }

    public static JsonObject Lost(string name)
    {
        var dns = Dns(name, "Wrong", "Answered", "v=spf1 -all");
        dns["proof"] = "Txt";
        dns["suspendedAfter"] = DateTimeOffset.UtcNow.AddDays(5);
        dns["problems"] = new JsonArray(
            Problem("TxtWrong", "Tenant", "The TXT record says something else.", "Replace its value by the one that is listed."),
            Problem("ServerFailure", "DnsProvider", "One of the zone's servers fails.", "Ask whoever runs the domain's DNS."));
        return dns;
    }

    public static JsonObject Waiting() => new() { ["state"] = "Waiting", ["problems"] = new JsonArray(), ["failures"] = 0 };

    public static JsonObject Issued(string name) => new()
    {
        ["state"] = "Issued", ["certificate"] = $"{name}.managed", ["issuer"] = "letsencrypt", ["problems"] = new JsonArray(), ["failures"] = 0,
        ["notAfter"] = DateTimeOffset.UtcNow.AddDays(80), ["renewAt"] = DateTimeOffset.UtcNow.AddDays(50.5), ["renewBecause"] = "RenewalInfo",
    };

    public static JsonObject Retrying() => new()
    {
        ["state"] = "Retrying", ["issuer"] = "letsencrypt", ["step"] = "Preflight", ["failures"] = 3, ["nextAttemptAt"] = DateTimeOffset.UtcNow.AddMinutes(7.5),
        ["problems"] = new JsonArray(Problem("CaaForbids", "Tenant", "A CAA record of `example.com` lets other authorities issue alone.", "Add `0 issue \"letsencrypt.org\"` to the CAA records.")),
    };

    private static JsonObject Dns(string name, string state, string result, string? value = null)
    {
        var (record, proof) = ($"_gatehouse-challenge.{name}", "gatehouse-verification=2fo3v4zchcwz5lbd52og4x2cozljwkdl");
        return new JsonObject
        {
            ["recordName"] = record, ["recordValue"] = proof, ["problems"] = new JsonArray(), ["checkedAt"] = DateTimeOffset.UtcNow.AddMinutes(-2), ["nextCheckAt"] = DateTimeOffset.UtcNow.AddMinutes(5.5),
            ["required"] = new JsonArray(
                Required("Ownership", "TXT", record, proof, state, "for this name alone"),
                Required("Ownership", "TXT", "_gatehouse-domain.example.com", "gatehouse-verification=4kq2mzt7c3d5yqpbxw6ruh2jna", "Missing", "for all names below example.com"),
                Required("Traffic", "A", name, "203.0.113.10", "Found", null)),
            ["observed"] = new JsonArray([.. Resolvers.SelectMany(resolver => new[]
            {
                Observed(resolver, record, "TXT", result, result == "Answered" ? [value ?? proof] : []),
                Observed(resolver, name, "A", "Answered", ["203.0.113.10"]),
            })]),
        };
    }

    private static JsonObject Required(string purpose, string type, string name, string value, string state, string? alternative) => new()
    {
        ["purpose"] = purpose, ["type"] = type, ["name"] = name, ["value"] = value, ["state"] = state, ["alternative"] = alternative,
    };

    private static JsonObject Observed(string resolver, string name, string type, string result, string[] values) => new()
    {
        ["resolver"] = resolver, ["name"] = name, ["type"] = type, ["result"] = result, ["values"] = new JsonArray([.. values.Select(value => (JsonNode)value)]), ["timeToLive"] = result == "Answered" ? 240 : null,
    };

    private static JsonObject Problem(string code, string who, string message, string step) => new() { ["code"] = code, ["whoMustAct"] = who, ["message"] = message, ["nextStep"] = step };
}
