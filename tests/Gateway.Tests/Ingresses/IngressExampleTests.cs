using System.Runtime.CompilerServices;
using Gatehouse.Gateway.Ingresses;
using Xunit;

namespace Gatehouse.Gateway.Tests.Ingresses;

/// <summary>The Ingresses that the shared examples hold, with what their README asks for.</summary>
public sealed class IngressExampleTests
{
    [SharedExampleFact]
    public void Translate_TheSharedExample_NamesEveryAnnotation()
    {
        var sets = IngressDocuments.Read(File.ReadAllText(SharedExampleFactAttribute.Example));
        var shop = Assert.Single(IngressTranslator.Translate("team-shop", sets["team-shop"]));
        var grafana = Assert.Single(IngressTranslator.Translate("monitoring", sets["monitoring"]));

        IngressGoldenTests.AssertComplete(shop);
        IngressGoldenTests.AssertComplete(grafana);
        AssertRemark(shop, "nginx.ingress.kubernetes.io~1server-snippet", IngressVerdict.Refused, "tenants share");
        AssertRemark(shop, "nginx.ingress.kubernetes.io~1canary", IngressVerdict.Refused, "without its main Ingress");
        AssertRemark(shop, "nginx.ingress.kubernetes.io~1canary-weight", IngressVerdict.Exact, "80 and 20");
        AssertRemark(shop, "nginx.ingress.kubernetes.io~1rewrite-target", IngressVerdict.Approximate, "as a whole");
        AssertRemark(shop, "nginx.ingress.kubernetes.io~1ssl-redirect", IngressVerdict.Exact, "308");
        AssertRemark(shop, "nginx.ingress.kubernetes.io~1rate-limit", IngressVerdict.Refused, "until policies exist");
        AssertRemark(shop, "nginx.ingress.kubernetes.io~1auth-url", IngressVerdict.Approximate, "ExternalAuth asks ext-authz");
        AssertRemark(shop, "traefik.io~1service.sticky", IngressVerdict.Refused, "Traefik");
        AssertRemark(shop, "alb.ingress.kubernetes.io~1scheme", IngressVerdict.Refused, "AWS Load Balancer Controller");
        Assert.Equal(IngressVerdict.Refused, shop.Verdict);
        Assert.Equal(IngressVerdict.Exact, grafana.Verdict);
        Assert.Equal(["Hostname", "HTTPRoute", "HTTPRoute"], grafana.Products.Select(product => product.Key.Kind));
    }

    private static void AssertRemark(IngressOutcome outcome, string annotation, IngressVerdict verdict, string text)
    {
        var remark = Assert.Single(outcome.Remarks, remark => remark.Pointer == "/metadata/annotations/" + annotation);
        Assert.Equal(verdict, remark.Verdict);
        Assert.Contains(text, remark.Message, StringComparison.Ordinal);
    }
}

/// <summary>Runs only where the shared examples are, and says so.</summary>
public sealed class SharedExampleFactAttribute : FactAttribute
{
    public SharedExampleFactAttribute()
    {
        if (!File.Exists(Example))
            Skip = $"The shared Ingress example is not tried: there is no {Example}. Set GATEHOUSE_SHARED to the directory that holds examples/ingress.yaml.";
    }

    public static string Example { get; } = Path.Combine(
        Environment.GetEnvironmentVariable("GATEHOUSE_SHARED") ?? Path.Combine(Root(), "..", "shared"), "examples", "ingress.yaml");

    private static string Root([CallerFilePath] string file = "") => Path.GetFullPath(Path.Combine(Path.GetDirectoryName(file)!, "..", "..", ".."));
}
