namespace Gatehouse.Gateway.Ingresses.Annotations;

/// <summary>Reads all annotations of an Ingress; what no feature judges is named by <see cref="OtherAnnotations"/>.</summary>
internal static class AnnotationReader
{
    /// <summary>What ingress-nginx heeds on a canary besides its own annotations; here it is the rule's, so the main Ingress's.</summary>
    private static readonly string[] HeededOnCanaries = ["load-balance", "upstream-hash-by", "affinity", "affinity-mode", "session-cookie-"];

    public static IngressSettings Read(Ingress ingress, bool hasMain)
    {
        var bag = ingress.Bag;
        var settings = new IngressSettings();
        if (ingress.IsOfOtherController)
        {
            foreach (var name in bag.Unjudged())
                bag.Ignore(name, $"IngressClass '{ingress.ClassName}' is not ingress-nginx's, so nobody reads it.");
        }
        else
        {
            settings.Canary = CanaryAnnotations.Read(bag, hasMain);
            if (ingress.IsCanary && hasMain)
                LeaveToMain(bag);
            else
                ReadAll(ingress, settings);
        }
        OtherAnnotations.Judge(ingress, bag);
        return settings;
    }

    private static void ReadAll(Ingress ingress, IngressSettings settings)
    {
        var bag = ingress.Bag;
        RewriteAnnotations.Read(bag, settings);
        RedirectAnnotations.Read(bag, settings);
        CorsAnnotations.Read(bag, settings);
        AuthAnnotations.Read(bag, settings, ingress);
        AffinityAnnotations.Read(bag, settings);
        TimeoutAnnotations.Read(bag, settings);
        BackendAnnotations.Read(bag, settings);
        HostAnnotations.Read(bag, settings);
    }

    private static void LeaveToMain(AnnotationBag bag)
    {
        foreach (var name in bag.Unjudged())
        {
            if (Array.Exists(HeededOnCanaries, heeded => name.StartsWith(heeded, StringComparison.Ordinal)))
                bag.Differ(name, "What the main Ingress says holds for its canary too.");
            else
                bag.Ignore(name, "On a canary ingress-nginx does not read it: what the main Ingress says holds.");
        }
    }
}
