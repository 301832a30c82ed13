using System.Security.Authentication;
using Gatehouse.DataPlane.Tests.Harness;
using Gatehouse.Gateway.Compilation;
using Gatehouse.Gateway.Explanation;
using Gatehouse.Gateway.Resources;
using Xunit;

namespace Gatehouse.DataPlane.Tests.Explanation;

public sealed class ExplainTlsTests
{
    private static readonly string?[] ServerNames = [null, "x.test.dev", "y.test.dev", "z.x.test.dev", "other.dev", "pass.test.dev"];
    private static readonly string[] Hosts = ["x.test.dev", "y.test.dev", "z.x.test.dev", "other.dev", "X.TEST.dev:443"];
    private static readonly string[] Hostnames = ["x.test.dev", "*.test.dev", "*.x.test.dev"];

    private static readonly TestCertificate Certificate = TestCertificate.Of("cert", "x.test.dev");

    [Fact]
    public async Task Explain_ServerNamesAndHosts_SaysWhatTheDataPlaneDoes()
    {
        await using var backend = await TestBackend.StartAsync();
        var outcomes = new HashSet<RequestOutcome>();
        for (var seed = 0; seed < 8; seed++)
        {
            var snapshot = Compile(new Random(seed), backend.Port);
            await using var gateway = await TlsTables.StartAsync(snapshot.Pools["default"].Table, Certificate);
            foreach (var serverName in ServerNames)
            {
                foreach (var host in Hosts)
                {
                    var explanation = Explain(snapshot, serverName, host);
                    outcomes.Add(explanation.Outcome);
                    Assert.True(StatusOf(explanation) == await AskAsync(gateway, serverName, host), $"{seed}: {serverName} {host}: explained {explanation.Outcome} {explanation.Status}");
                }
            }
        }
        Assert.Superset(new HashSet<RequestOutcome> { RequestOutcome.Forwarded, RequestOutcome.Misdirected, RequestOutcome.NoMatch, RequestOutcome.NoListener, RequestOutcome.Rejected }, outcomes);
    }

    private static string StatusOf(RequestExplanation explanation) => explanation.Outcome switch
    {
        RequestOutcome.Rejected => "none",
        RequestOutcome.Forwarded => "200",
        _ => $"{explanation.Status}",
    };

    private static async Task<string> AskAsync(TlsGateway gateway, string? serverName, string host)
    {
        try
        {
            return (await gateway.GetAsync(serverName, host))["HTTP/1.1 ".Length..][..3];
        }
        catch (AuthenticationException)
        {
            return "none";
        }
    }

    private static RequestExplanation Explain(Snapshot snapshot, string? serverName, string host)
    {
        Assert.True(ExplainRequest.TryCreate("GET", "https://any.dev/", [KeyValuePair.Create("Host", host)], out var request));
        return Explainer.Explain(snapshot, "default", request with { Sni = serverName ?? "" });
    }

    private static Snapshot Compile(Random random, int backendPort)
    {
        var listeners = Hostnames.Where(_ => random.Next(2) == 0).Append(random.Next(2) == 0 ? null : "last.dev").Select((hostname, i) => new Listener
        {
            Name = $"l{i}",
            Port = 443,
            Protocol = "HTTPS",
            Hostname = hostname,
            Tls = new ListenerTlsConfig { CertificateRefs = [new SecretObjectReference { Name = "cert" }] },
        });
        return Compiler.Compile(
            [
                Upsert("platform", ResourceKind.GatewayClass, "gatehouse", new GatewayClassSpec { ControllerName = ResourceKind.ControllerName }),
                Upsert("shop", ResourceKind.Certificate, "cert", new CertificateSpec { Certificate = Certificate.Entry.ChainPem }),
                Upsert("shop", ResourceKind.Gateway, "web", new GatewaySpec { GatewayClassName = "gatehouse", Listeners = [.. listeners] }),
                Upsert("shop", ResourceKind.Backend, "v1", new BackendSpec { Endpoints = [new BackendEndpoint { Address = "127.0.0.1", Port = backendPort }] }),
                Upsert("shop", ResourceKind.HttpRoute, "web", new HttpRouteSpec
                {
                    ParentRefs = [new ParentReference { Name = "web" }],
                    Hostnames = random.Next(3) == 0 ? null : [.. Hostnames.Where(_ => random.Next(3) > 0)],
                    Rules = [new HttpRouteRule { BackendRefs = [new HttpBackendRef { Name = "v1" }] }],
                }),
            ],
            new CompilerOptions { HostnameVerification = false });
    }

    private static ResourceUpsert Upsert<TSpec>(string tenant, string kind, string name, TSpec spec)
        where TSpec : class => new(new Resource<TSpec> { Key = new ResourceKey(kind, tenant, name), Spec = spec, PlacedByPlatform = true });
}
