using System.Text.Json.Nodes;

namespace Gatehouse.Portal.Tests.Browser;

/// <summary>Two believable tenants and an empty one; <c>shop/reports</c> is broken on purpose.</summary>
internal sealed class DemoData
{
    public const string HostileName = "<img src=x onerror=alert(1)>";
    public const string MissingGrant = "no ReferenceGrant in tenant `payments` lets HTTPRoute of tenant `shop` reference Backend `ledger`";
    private readonly Dictionary<string, List<JsonObject>> objects = [];

    public DemoData()
    {
        Tenants = [Tenant("platform", "Platform"), Tenant("payments", "Payments"), Tenant("shop", "Shop"), Tenant("studio", "Studio")];
        Fill("shop", "hostnames",
            Resource("api.shop.example.com", "{}", HostnameStatus.With(Hostname(), HostnameStatus.Lost("api.shop.example.com"), HostnameStatus.Retrying())),
            Resource("new.example.com", "{}", HostnameStatus.With(
                Conditions(("Verified", "False", "Pending", "The claim of tenant `shop` on `new.example.com` is not verified yet."), ("Accepted", "False", "Pending", "Waits for the claim.")),
                HostnameStatus.Unproven("new.example.com"),
                HostnameStatus.Waiting())),
            Resource("shop.example.com", "{}", HostnameStatus.With(Hostname(), HostnameStatus.Proven("shop.example.com"), HostnameStatus.Issued("shop.example.com"))),
            Resource("*.preview.shop.example.com", "{}", Hostname()));
        Fill("shop", "backends",
            Backend("cart", ("10.1.4.21", 8080, null), ("10.1.4.22", 8080, null)),
            Backend("reports", ("10.1.7.3", 8080, "connection refused"), ("10.1.7.4", 8080, null)),
            Backend("storefront-v1", ("10.1.3.10", 8080, null), ("10.1.3.11", 8080, null), ("10.1.3.12", 8080, null)),
            Backend("storefront-v2", ("10.1.3.20", 8080, null)));
        Fill("shop", "httproutes", Routes());
        Fill("shop", "certificates",
            Certificate("legacy", 9, ["legacy.example.com", "www.legacy.example.com"], null, ("ExpiresSoon", "True", "Uploaded", "It expires in 9 days, at 2026-12-09 10:00 UTC. Upload a newer one under the same name.")),
            Certificate("old", -2, ["old.example.com"], null),
            Certificate("shop.example.com.managed", 80, ["shop.example.com"], "shop.example.com"));
        Fill("payments", "backends", [.. Enumerable.Range(1, 120).Select(n => Backend($"worker-{n:000}", ($"10.2.0.{n}", 9000, null)))]);
    }

    public List<JsonObject> Tenants { get; }

    public IReadOnlyList<JsonObject> Of(string tenant, string plural) => objects.TryGetValue($"{tenant}/{plural}", out var list) ? list : [];

    public JsonObject Find(string tenant, string plural, string name) => Of(tenant, plural).Single(item => (string?)item["name"] == name);

    /// <summary>Adds what the API answers a PUT with.</summary>
    public JsonObject AddHostname(string tenant, string name)
    {
        var hostname = Resource(name, "{}", HostnameStatus.With(Conditions(("Verified", "False", "Pending", "The claim is not verified yet."), ("Accepted", "False", "Pending", "Waits for the claim.")), HostnameStatus.Unproven(name), HostnameStatus.Waiting()));
        hostname["tenant"] = tenant;
        var plural = $"{tenant}/hostnames";
        if (!objects.TryGetValue(plural, out var list)) objects[plural] = list = [];
        list.Add(hostname);
        return hostname;
    }

    public bool Remove(string tenant, string plural, string name) => objects.TryGetValue($"{tenant}/{plural}", out var list) && list.RemoveAll(item => (string?)item["name"] == name) > 0;

    public static void SetCondition(JsonObject resource, string type, string status, string reason, string message)
    {
        foreach (var condition in resource["status"]!["conditions"]!.AsArray().Where(c => (string?)c!["type"] == type))
            (condition!["status"], condition["reason"], condition["message"]) = (status, reason, message);
    }

    private static JsonObject[] Routes() =>
    [
        Resource("cart", """
            {"hostnames":["shop.example.com"],"rules":[
              {"matches":[{"path":{"type":"PathPrefix","value":"/cart"}},{"path":{"type":"Exact","value":"/checkout"},"method":"POST"}],"backendRefs":[{"name":"cart"}]}]}
            """, AllGood()),
        Resource("ledger", """
            {"hostnames":["api.shop.example.com"],"rules":[
              {"matches":[{"path":{"type":"PathPrefix","value":"/ledger"}}],"backendRefs":[{"name":"ledger","namespace":"payments","kind":"Backend","group":"gatehouse.dev"}]},
              {"matches":[{"path":{"type":"PathPrefix","value":"/"}}],"backendRefs":[{"name":"cart","weight":3},{"name":"cart-next","weight":1}]}]}
            """, Conditions(
                ("Accepted", "True", "Accepted", "The route is accepted by ListenerSet shop/api.shop.example.com."),
                ("ResolvedRefs", "False", "RefNotPermitted", MissingGrant + "; Backend `cart-next` of tenant `shop` does not exist"),
                ("Programmed", "True", "Programmed", "All 2 replicas run revision 1042."),
                ("Live", "True", "Serving", "3 healthy endpoints."))),
        Resource("legacy-redirects", """
            {"hostnames":["shop.example.com"],"rules":[
              {"name":"old-paths","matches":[{"path":{"type":"PathPrefix","value":"/store"}}],
               "filters":[{"type":"RequestRedirect","requestRedirect":{"statusCode":301,"path":{"type":"ReplacePrefixMatch","replacePrefixMatch":"/"}}}]}]}
            """, AllGood()),
        Resource("reports", """
            {"hostnames":["reports.example.com"],"rules":[{"backendRefs":[{"name":"reports"}]}]}
            """, Conditions(
                ("Accepted", "False", "NoMatchingListenerHostname", "no verified claim of tenant `shop` covers `reports.example.com`: claim it first"),
                ("ResolvedRefs", "True", "ResolvedRefs", "All references are resolved."),
                ("Programmed", "False", "NotAccepted", "A route that is not accepted is not programmed."),
                ("Live", "False", "NotProgrammed", "The route is not programmed."))),
        Resource("storefront", """
            {"hostnames":["shop.example.com"],"rules":[
              {"name":"beta-testers","matches":[{"path":{"type":"PathPrefix","value":"/"},"headers":[{"name":"X-Beta","value":"yes"}]}],"backendRefs":[{"name":"storefront-v2"}]},
              {"name":"everybody","filters":[{"type":"RequestHeaderModifier","requestHeaderModifier":{"set":[{"name":"X-Shop","value":"eu"}]}}],
               "backendRefs":[{"name":"storefront-v1","weight":90},{"name":"storefront-v2","weight":10}]}]}
            """, AllGood()),
    ];

    private void Fill(string tenant, string plural, params JsonObject[] list)
    {
        foreach (var item in list) item["tenant"] = tenant;
        objects[$"{tenant}/{plural}"] = [.. list];
    }

    private static JsonObject Tenant(string name, string title) => new()
    {
        ["name"] = name, ["displayName"] = title, ["createdAt"] = DateTimeOffset.UtcNow.AddDays(-title.Length),
    };

    private static JsonObject Resource(string name, string spec, JsonObject status) => new()
    {
        ["name"] = name, ["id"] = Guid.NewGuid().ToString(), ["generation"] = 3, ["spec"] = JsonNode.Parse(spec), ["status"] = status,
        ["createdAt"] = DateTimeOffset.UtcNow.AddDays(-6), ["updatedAt"] = DateTimeOffset.UtcNow.AddMinutes(-14),
    };

    private static JsonObject Backend(string name, params (string Address, int Port, string? Reason)[] endpoints)
    {
        var status = AllGood();
        status["endpoints"] = new JsonArray([.. endpoints.Select(e => new JsonObject { ["address"] = $"{e.Address}:{e.Port}", ["health"] = e.Reason is null ? "healthy" : "unhealthy", ["reason"] = e.Reason })]);
        var backend = Resource(name, "{}", status);
        backend["spec"] = new JsonObject { ["endpoints"] = new JsonArray([.. endpoints.Select(e => new JsonObject { ["address"] = e.Address, ["port"] = e.Port })]) };
        return backend;
    }

    private static JsonObject Certificate(string name, int days, string[] names, string? managedFor, params (string Type, string Status, string Reason, string Message)[] more)
    {
        var issued = days > 0 ? ("Issued", "True", "Uploaded", "It is valid.") : ("Issued", "False", "Expired", "It expired two days ago: upload a newer one.");
        var status = Conditions([issued, .. more]);
        status["certificate"] = new JsonObject { ["subject"] = $"CN={names[0]}", ["issuer"] = "CN=Example CA R3", ["subjectAltNames"] = new JsonArray([.. names.Select(dns => (JsonNode)dns)]), ["fingerprint"] = new string('a', 64) };
        status["notAfter"] = DateTimeOffset.UtcNow.AddDays(days);
        var certificate = Resource(name, "{}", status);
        certificate["spec"] = managedFor is null ? new JsonObject { ["certificate"] = "" } : new JsonObject { ["certificate"] = "", ["managedFor"] = managedFor };
        return certificate;
    }

    private static JsonObject Hostname() => Conditions(
        ("Verified", "True", "Verified", "The claim is verified."),
        ("Accepted", "True", "Accepted", "The name is served."),
        ("Programmed", "True", "Programmed", "All 2 replicas run revision 1042."),
        ("Live", "True", "Serving", "The listener is bound."));

    private static JsonObject AllGood() => Conditions(
        ("Accepted", "True", "Accepted", "The route is accepted."),
        ("ResolvedRefs", "True", "ResolvedRefs", "All references are resolved."),
        ("Programmed", "True", "Programmed", "All 2 replicas run revision 1042."),
        ("Live", "True", "Serving", "All backends are healthy."));

    private static JsonObject Conditions(params (string Type, string Status, string Reason, string Message)[] conditions) => new()
    {
        ["conditions"] = new JsonArray([.. conditions.Select(c => new JsonObject
        {
            ["type"] = c.Type, ["status"] = c.Status, ["reason"] = c.Reason, ["message"] = c.Message,
            ["observedGeneration"] = 3, ["lastTransitionTime"] = DateTimeOffset.UtcNow.AddMinutes(-13),
        })]),
    };
}
