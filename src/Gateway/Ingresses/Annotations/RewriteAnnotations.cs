namespace Gatehouse.Gateway.Ingresses.Annotations;

/// <summary>Rewrites and regular expressions (https://kubernetes.github.io/ingress-nginx/examples/rewrite/). What they mean for each path is decided there.</summary>
internal static class RewriteAnnotations
{
    public const string Target = "rewrite-target";
    public const string UseRegex = "use-regex";

    public static void Read(AnnotationBag bag, IngressSettings settings)
    {
        settings.UseRegex = bag.Flag(UseRegex) == true;
        if (!settings.UseRegex)
            bag.Ignore(UseRegex, "Paths are plain text unless it is true.");
        if (bag.Has(Target) && bag.Text(Target) is null)
            bag.Ignore(Target, "It is empty, so nothing is rewritten.");
        settings.RewriteTarget = bag.Text(Target);
        if (settings.RewriteTarget is not { } target || target.StartsWith('/'))
            return;
        bag.Block(Target, "It is no path, so ingress-nginx answers with a redirect or an error: write a path that begins with '/', or use permanent-redirect.");
        settings.RewriteTarget = null;
    }
}
