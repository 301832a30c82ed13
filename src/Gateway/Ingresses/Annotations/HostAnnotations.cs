using Gatehouse.Gateway.Validation.Kinds;
using Gatehouse.Gateway.Validation.Reading;

namespace Gatehouse.Gateway.Ingresses.Annotations;

/// <summary>Names and headers: server-alias, upstream-vhost, x-forwarded-prefix.</summary>
internal static class HostAnnotations
{
    private const string Alias = "server-alias";
    private const string Vhost = "upstream-vhost";
    private const string ForwardedPrefix = "x-forwarded-prefix";
    private const int MaxAliases = 15;

    public static void Read(AnnotationBag bag, IngressSettings settings)
    {
        ReadAliases(bag, settings);
        if (bag.Text(Vhost) is { } host)
        {
            if (Formats.PreciseHostname.Check(host) is null)
            {
                settings.UpstreamHost = host;
                bag.Exact(Vhost, "URLRewrite sends it to the backend as Host.");
            }
            else
            {
                bag.Block(Vhost, $"{SafeText.Quote(host)} must be a lower-case DNS name without port and variables.");
            }
        }
        bag.Ignore(Vhost, "It is empty.");
        if (bag.Text(ForwardedPrefix) is { } prefix)
        {
            if (Formats.HeaderValue.Check(prefix) is null && !prefix.Contains('$', StringComparison.Ordinal))
            {
                settings.ForwardedPrefix = prefix;
                bag.Exact(ForwardedPrefix, "RequestHeaderModifier sets X-Forwarded-Prefix.");
            }
            else
            {
                bag.Refuse(ForwardedPrefix, "It names captured parts of the path, which no filter can put into a header: write a fixed value.");
            }
        }
        bag.Ignore(ForwardedPrefix, "It is empty.");
    }

    private static void ReadAliases(AnnotationBag bag, IngressSettings settings)
    {
        var aliases = bag.List(Alias).Select(alias => alias.ToLowerInvariant()).Distinct().ToList();
        if (aliases.Count == 0)
        {
            bag.Ignore(Alias, "It is empty.");
            return;
        }
        if (aliases.Find(alias => Formats.Hostname.Check(alias) is not null) is { } wrong)
        {
            bag.Refuse(Alias, $"{SafeText.Quote(wrong)} is no DNS name; regular expressions and suffixes have no equivalent. Write each name, or '*.example.com'.");
            return;
        }
        if (aliases.Count > MaxAliases)
        {
            bag.Refuse(Alias, $"A route has at most {MaxAliases + 1} hostnames: split the Ingress.");
            return;
        }
        settings.Aliases = aliases;
        bag.Exact(Alias, "They are hostnames of the route.");
    }
}
