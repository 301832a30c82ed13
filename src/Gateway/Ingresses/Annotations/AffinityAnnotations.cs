using System.Globalization;
using Gatehouse.Gateway.Resources;

namespace Gatehouse.Gateway.Ingresses.Annotations;

/// <summary>Session affinity (https://kubernetes.github.io/ingress-nginx/user-guide/nginx-configuration/annotations/#session-affinity) as session persistence.</summary>
internal static class AffinityAnnotations
{
    private const string Switch = "affinity";
    private const string Mode = "affinity-mode";
    private const string CanaryBehavior = "affinity-canary-behavior";
    private const string Name = "session-cookie-name";
    private const string MaxAge = "session-cookie-max-age";
    private const string Expires = "session-cookie-expires";
    private const string Attributes = "The data plane chooses the attributes of its cookie itself.";

    private static readonly string[] CookieAttributes =
        ["session-cookie-path", "session-cookie-domain", "session-cookie-samesite", "session-cookie-conditional-samesite-none", "session-cookie-secure"];

    private static readonly string[] Details = [Mode, CanaryBehavior, Name, MaxAge, Expires, "session-cookie-change-on-failure", .. CookieAttributes];

    public static void Read(AnnotationBag bag, IngressSettings settings)
    {
        if (bag.Text(Switch) != "cookie")
        {
            bag.Ignore(Switch, "ingress-nginx knows only the affinity cookie.");
            foreach (var detail in Details)
                bag.Ignore(detail, "It has no effect without affinity \"cookie\".");
            return;
        }
        var lifetime = Lifetime(bag);
        settings.Session = new SessionPersistence
        {
            SessionName = bag.Text(Name) is { Length: <= 128 } name ? name : "INGRESSCOOKIE",
            Type = "Cookie",
            AbsoluteTimeout = lifetime is { } seconds ? seconds.ToString(CultureInfo.InvariantCulture) + "s" : null,
            CookieConfig = lifetime is null ? null : new CookieConfig { LifetimeType = "Permanent" },
        };
        bag.Differ(Switch, "sessionPersistence keeps clients on an endpoint by a cookie. Cookies that ingress-nginx gave out count no more, so every session starts anew once.");
        bag.Exact(Name, "It is the cookie's name.");
        bag.Exact(MaxAge, "The session ends after it.");
        bag.Exact(Expires, "The session ends after it, unless session-cookie-max-age says another time.");
        ReadModes(bag);
        bag.Exact("session-cookie-change-on-failure", "A session whose endpoint is gone gets another one in any case.");
        foreach (var attribute in CookieAttributes)
            bag.Differ(attribute, Attributes);
    }

    private static void ReadModes(AnnotationBag bag)
    {
        if (bag.Text(Mode) == "persistent")
            bag.Exact(Mode, "Sessions stay on their endpoint for as long as it is there.");
        else
            bag.Differ(Mode, "Sessions stay on their endpoint when others are added; ingress-nginx moves some.");
        if (bag.Text(CanaryBehavior) == "legacy")
            bag.Differ(CanaryBehavior, "A session stays with the backend that it began at, canary or not.");
        else
            bag.Exact(CanaryBehavior, "A session stays with the backend that it began at, canary or not.");
    }

    private static int? Lifetime(AnnotationBag bag)
    {
        var age = bag.Number(MaxAge) ?? bag.Number(Expires);
        return age is > 0 ? Math.Min(age.Value, 99_999) : null;
    }
}
