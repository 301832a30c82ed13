using System.Globalization;
using Gatehouse.Gateway.Resources;
using Gatehouse.Gateway.Validation.Kinds;

namespace Gatehouse.Gateway.Ingresses.Annotations;

/// <summary>Cross-origin rules (https://kubernetes.github.io/ingress-nginx/user-guide/nginx-configuration/annotations/#enable-cors) as the filter CORS.</summary>
internal static class CorsAnnotations
{
    private const string Switch = "enable-cors";
    private const string Origins = "cors-allow-origin";
    private const string Methods = "cors-allow-methods";
    private const string Headers = "cors-allow-headers";
    private const string Exposed = "cors-expose-headers";
    private const string Credentials = "cors-allow-credentials";
    private const string MaxAge = "cors-max-age";
    private const int DefaultMaxAge = 1_728_000;
    private const int MaxListed = 64;
    private static readonly string[] Details = [Origins, Methods, Headers, Exposed, Credentials, MaxAge];
    private static readonly string[] KnownMethods = ["GET", "HEAD", "POST", "PUT", "DELETE", "CONNECT", "OPTIONS", "TRACE", "PATCH", "*"];
    private static readonly string[] DefaultMethods = ["GET", "PUT", "POST", "DELETE", "PATCH", "OPTIONS"];

    private static readonly string[] DefaultHeaders =
        ["DNT", "Keep-Alive", "User-Agent", "X-Requested-With", "If-Modified-Since", "Cache-Control", "Content-Type", "Range", "Authorization"];

    public static void Read(AnnotationBag bag, IngressSettings settings)
    {
        if (bag.Flag(Switch) != true)
        {
            bag.Ignore(Switch, "No cross-origin rules are set unless it is true.");
            foreach (var name in Details)
                bag.Ignore(name, "It has no effect without enable-cors \"true\".");
            return;
        }
        bag.Exact(Switch, "The filter CORS answers preflights and sets the headers.");
        var origins = ReadOrigins(bag);
        var credentials = bag.Flag(Credentials) ?? true;
        settings.Cors = new HttpCorsFilter
        {
            AllowOrigins = origins,
            AllowCredentials = credentials && origins is not ["*"] ? true : null,
            AllowMethods = ReadMethods(bag),
            AllowHeaders = ReadHeaders(bag, Headers, DefaultHeaders),
            ExposeHeaders = ReadHeaders(bag, Exposed, null),
            MaxAge = ReadMaxAge(bag),
        };
        bag.Exact(Credentials, credentials && origins is ["*"]
            ? "Every origin is allowed, and ingress-nginx says so by '*', beside which browsers send no credentials: none are allowed here."
            : "Credentials are allowed as it says.");
    }

    private static string[] ReadOrigins(AnnotationBag bag)
    {
        var origins = bag.List(Origins).Select(origin => origin.TrimEnd('/')).Distinct().ToArray();
        if (origins.Length == 0 || origins.Contains("*"))
        {
            bag.Exact(Origins, "Every origin is allowed.");
            return ["*"];
        }
        var wrong = Array.Find(origins, origin => Formats.CorsOrigin.Check(origin) is not null);
        if (wrong is not null || origins.Length > MaxListed)
            bag.Block(Origins, wrong is null ? $"It lists more than {MaxListed} origins." : $"{Validation.Reading.SafeText.Quote(wrong)} is no origin: write scheme and host, such as https://shop.example.com.");
        else if (Array.Exists(origins, origin => origin.Contains('*', StringComparison.Ordinal)))
            bag.Differ(Origins, "The origins are allowed. A wildcard stands for one label there, and for one or more here.");
        else
            bag.Exact(Origins, "The origins are allowed.");
        return origins;
    }

    private static string[] ReadMethods(AnnotationBag bag)
    {
        var written = bag.List(Methods).Select(method => method.ToUpperInvariant()).Distinct().ToList();
        var known = written.Where(method => KnownMethods.Contains(method)).ToArray();
        if (known.Contains("*"))
            known = ["*"];
        if (written.Exists(method => !KnownMethods.Contains(method)))
            bag.Differ(Methods, "Methods that Gateway API does not know were left out; browsers are told the others.");
        else
            bag.Exact(Methods, "Browsers are told these methods.");
        return written.Count == 0 ? DefaultMethods : known;
    }

    private static string[]? ReadHeaders(AnnotationBag bag, string name, string[]? standard)
    {
        var written = bag.List(name).DistinctBy(header => header.ToUpperInvariant()).ToArray();
        var usable = written.Where(header => Formats.HeaderName.Check(header) is null).Take(MaxListed).ToArray();
        if (usable.Length < written.Length)
            bag.Differ(name, $"What is no header name, and what comes after {MaxListed}, was left out.");
        else
            bag.Exact(name, "Browsers are told these headers.");
        if (name == Headers && usable.Contains("*"))
            return ["*"];
        return usable.Length == 0 ? standard : usable;
    }

    private static int ReadMaxAge(AnnotationBag bag)
    {
        var age = bag.Number(MaxAge) ?? DefaultMaxAge;
        if (age < 1)
        {
            bag.Differ(MaxAge, "Gateway API has no answer that is not cached: 1 second is the least.");
            return 1;
        }
        bag.Exact(MaxAge, age.ToString(CultureInfo.InvariantCulture) + " seconds.");
        return age;
    }
}
