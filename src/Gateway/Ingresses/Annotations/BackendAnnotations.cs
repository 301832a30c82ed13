using Gatehouse.Gateway.Resources;
using Gatehouse.Gateway.Validation.Kinds;
using Gatehouse.Gateway.Validation.Reading;

namespace Gatehouse.Gateway.Ingresses.Annotations;

/// <summary>How backends are spoken to (https://kubernetes.github.io/ingress-nginx/user-guide/nginx-configuration/annotations/#backend-protocol).</summary>
internal static class BackendAnnotations
{
    private const string Protocol = "backend-protocol";
    private const string Passthrough = "ssl-passthrough";
    private const string Secret = "proxy-ssl-secret";
    private const string Name = "proxy-ssl-name";
    private const string Verify = "proxy-ssl-verify";
    private const string ServerName = "proxy-ssl-server-name";
    private static readonly string[] Details = [Secret, Name, Verify, ServerName, "proxy-ssl-verify-depth", "proxy-ssl-ciphers", "proxy-ssl-protocols"];

    public static void Read(AnnotationBag bag, IngressSettings settings)
    {
        settings.IsPassthrough = bag.Flag(Passthrough) == true;
        if (settings.IsPassthrough)
            bag.Differ(Passthrough, "A TLSRoute passes connections for the hosts on; nothing that speaks of HTTP has an effect then. A Certificate of this tenant that covers a host ends TLS there instead: keep none.");
        bag.Ignore(Passthrough, "TLS ends at the gateway unless it is true.");
        var protocol = (bag.Text(Protocol) ?? "HTTP").ToUpperInvariant();
        switch (protocol)
        {
            case "HTTP":
                bag.Exact(Protocol, "Backends are spoken to by HTTP.");
                break;
            case "AUTO_HTTP":
                bag.Differ(Protocol, "Backends are spoken to by HTTP; there is no choice by the request.");
                break;
            case "GRPC":
                settings.IsGrpc = true;
                bag.Exact(Protocol, "A GRPCRoute speaks HTTP/2 to backends.");
                break;
            case "HTTPS" or "GRPCS":
                settings.IsGrpc = protocol == "GRPCS";
                ReadTls(bag, settings, protocol);
                break;
            default:
                bag.Block(Protocol, $"{SafeText.Quote(protocol)} is spoken to no backend: put an HTTP server before it.");
                break;
        }
        foreach (var name in Details)
            bag.Ignore(name, "It has no effect unless backend-protocol is HTTPS or GRPCS.");
    }

    private static void ReadTls(AnnotationBag bag, IngressSettings settings, string protocol)
    {
        var verifies = bag.Text(Verify) is "on";
        var name = bag.Text(Name);
        var authority = bag.Text(Secret)?.Split('/')[^1];
        if (!verifies || name is null || Formats.PreciseHostname.Check(name) is not null)
        {
            bag.Block(Protocol, $"{protocol} to backends is not verified by ingress-nginx, and never unverified here. Give the backends certificates, write a BackendTLSPolicy with the name and authority to expect, "
                + "and remove this annotation; or set proxy-ssl-verify \"on\", proxy-ssl-name and proxy-ssl-secret, from which the policy is made.");
            foreach (var detail in Details)
                bag.Refuse(detail, "It belongs into a BackendTLSPolicy: see backend-protocol.");
            return;
        }
        settings.BackendTls = new BackendTlsPolicyValidation
        {
            Hostname = name,
            CaCertificateRefs = authority is null ? null : [new LocalObjectReference("", ResourceKind.ConfigMap, authority)],
            WellKnownCaCertificates = authority is null ? "System" : null,
        };
        bag.Exact(Protocol, $"A BackendTLSPolicy secures connections to the Services.");
        bag.Exact(Verify, "Backends are always verified.");
        bag.Exact(Name, "It is the policy's validation.hostname.");
        bag.Differ(Secret, $"The policy takes authorities from a ConfigMap: write ConfigMap '{authority}' with the Secret's ca.crt. A client certificate is a Gateway's: tls.backend.clientCertificateRef.");
        bag.Exact(ServerName, "The name is always sent.");
        foreach (var detail in Details)
            bag.Differ(detail, "The data plane chooses protocols and ciphers itself, and verifies chains of any depth.");
    }
}
