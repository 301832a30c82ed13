using System.Reflection;
using System.Text.Json;
using Gatehouse.Gateway.Ingresses;
using Gatehouse.Gateway.Ingresses.Annotations;
using Gatehouse.Gateway.Validation;
using Xunit;

namespace Gatehouse.Gateway.Tests.Ingresses;

/// <summary>Whatever is written into Ingresses: no exception, one verdict for each annotation, valid objects.</summary>
public sealed class IngressHostileTests
{
    private const int Seed = 20261120;

    private static readonly string[] Values =
    [
        "", " ", "true", "false", "1", "-1", "0", "99999999999", "on", "off", "cookie", "/", "/$1", "/$2", "/a?b", "$", "https://a.example.com/x", "http://svc.ns.svc:80/x",
        "http://[::1]:80/", "https://a.example.com$request_uri", "http://", "a,b,,c", "*", "GET, *", "https://*.a.com", "10.0.0.0/8", "HTTPS", "GRPC", "GRPCS", "(", "[a-z]+", "(?!a)", "\u0000", "\ud800",
        "\u202e", "a\nb", "error http_502 http_999", "x y", "%zz", "{{", "301", "418", "shop/secret", "svc", "~^a", "a.example.com", "www.a.example.com",
    ];

    private static readonly string[] Paths = ["", "/", "/a", "/a/", "//", "/(.*)", "/a(/|$)(.*)", "/[", "/a|b", "a", "/a$", "/a/b/c", "/ü", "/%2f", "(", "/x.y.Z/M"];

    private static readonly string[] Hosts = ["a.example.com", "*.example.com", "www.a.example.com", "b", "1.2.3.4", "A.b", ""];

    [Fact]
    public void Translate_RandomIngresses_IsCompleteAndValid()
    {
        var random = new Random(Seed);
        var names = KnownNames();
        Assert.True(names.Count > 90);
        for (var round = 0; round < 1_500; round++)
        {
            var set = new IngressSet { Ingresses = [.. Enumerable.Range(0, 1 + random.Next(4)).Select(i => Random(random, names, $"i{i}"))] };

            var outcomes = IngressTranslator.Translate("shop", set);

            Assert.Equal(set.Ingresses.Count, outcomes.Count);
            foreach (var outcome in outcomes)
            {
                IngressGoldenTests.AssertComplete(outcome);
                Assert.All(outcome.Products, product => Assert.Empty(SpecValidator.Validate(product.Key.Kind, SpecJson.Write(product.Spec)).Errors));
                Assert.All(outcome.Products, product => Assert.Empty(ObjectNames.ValidateName(product.Key.Kind, product.Key.Name)));
                Assert.Equal(outcome.Products.Count, outcome.Products.Select(product => product.Key).Distinct().Count());
            }
        }
    }

    [Theory]
    [InlineData("null")]
    [InlineData("[]")]
    [InlineData("{}")]
    [InlineData("""{"rules":[null]}""")]
    [InlineData("""{"rules":[{"http":{}}]}""")]
    [InlineData("""{"rules":[{"host":1,"http":{"paths":{}}}],"tls":[{"hosts":"a"}]}""")]
    [InlineData("""{"defaultBackend":{}}""")]
    [InlineData("""{"rules":[{"http":{"paths":[{"pathType":"Prefix","backend":{"service":{"name":"a","port":{}}}}]}}]}""")]
    public void Translate_SpecsOfOtherShapes_NeverThrow(string spec)
    {
        var outcome = Assert.Single(IngressTranslator.Translate("shop", new IngressSet { Ingresses = [Ingress("x", [], spec)] }));

        IngressGoldenTests.AssertComplete(outcome);
        Assert.NotEqual(IngressVerdict.Exact, outcome.Verdict);
    }

    private static IngressObject Random(Random random, List<string> names, string name)
    {
        var annotations = Enumerable.Range(0, random.Next(8)).Select(_ => names[random.Next(names.Count)]).Distinct().ToDictionary(annotation => annotation, _ => Pick(random, Values));
        if (random.Next(3) == 0)
            annotations[AnnotationBag.Prefix + "canary"] = "true";
        var rules = Enumerable.Range(0, random.Next(3)).Select(_ => new
        {
            host = random.Next(5) == 0 ? null : Pick(random, Hosts),
            http = new { paths = Enumerable.Range(0, 1 + random.Next(3)).Select(_ => Path(random)) },
        });
        return Ingress(name, annotations, JsonSerializer.Serialize(new
        {
            rules,
            tls = random.Next(2) == 0 ? new[] { new { hosts = new[] { Pick(random, Hosts) }, secretName = "s" } } : null,
            defaultBackend = random.Next(4) == 0 ? new { service = new { name = "d", port = new { number = 80 } } } : null,
        }));
    }

    private static object Path(Random random) => new
    {
        path = Pick(random, Paths),
        pathType = Pick(random, ["Exact", "Prefix", "ImplementationSpecific"]),
        backend = new { service = new { name = "svc", port = new { number = 80 } } },
    };

    private static IngressObject Ingress(string name, Dictionary<string, string> annotations, string spec) =>
        new(name, new Dictionary<string, string>(), annotations, null, JsonSerializer.Deserialize<JsonElement>(spec));

    private static string Pick(Random random, string[] values) => values[random.Next(values.Length)];

    /// <summary>All names that any feature knows, and some that nobody does.</summary>
    private static List<string> KnownNames()
    {
        const BindingFlags Private = BindingFlags.NonPublic | BindingFlags.Public | BindingFlags.Static;
        var fields = typeof(AnnotationBag).Assembly.GetTypes().Where(type => type.Namespace == typeof(AnnotationBag).Namespace).SelectMany(type => type.GetFields(Private)).ToList();
        var names = fields.Where(field => field.IsLiteral && field.FieldType == typeof(string)).Select(field => (string)field.GetRawConstantValue()!)
            .Concat(fields.Where(field => field.FieldType == typeof(string[])).SelectMany(field => (string[])field.GetValue(null)!))
            .Concat(fields.Where(field => field.FieldType == typeof(Dictionary<string, string>)).SelectMany(field => ((Dictionary<string, string>)field.GetValue(null)!).Keys));
        return [.. names.Where(name => name.All(c => char.IsAsciiLetterLower(c) || c == '-')).Distinct().Select(name => AnnotationBag.Prefix + name), "traefik.io/x", "konghq.com/plugins", "plain", "kubernetes.io/ingress.class"];
    }
}
