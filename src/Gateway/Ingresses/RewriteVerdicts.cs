using Gatehouse.Gateway.Ingresses.Annotations;

namespace Gatehouse.Gateway.Ingresses;

/// <summary>Gives rewrite-target and use-regex their verdicts once the paths are translated.</summary>
internal static class RewriteVerdicts
{
    private const string Nothing = "No path is changed by it.";

    public static void Conclude(Ingress ingress, RewriteOutcome outcome)
    {
        var bag = ingress.Bag;
        var rewrites = bag.Has(RewriteAnnotations.Target);
        if (!rewrites && !bag.Has(RewriteAnnotations.UseRegex))
        {
            if (outcome.Problem is { } problem)
                ingress.Notes.Block("/spec/rules", problem);
            else if (!outcome.IsExact)
                ingress.Notes.Differ("/spec/rules", $"Another Ingress of the host uses expressions or rewrites. {outcome}");
            return;
        }
        Conclude(bag, rewrites ? RewriteAnnotations.Target : RewriteAnnotations.UseRegex, outcome);
        if (rewrites)
            bag.Exact(RewriteAnnotations.UseRegex, $"See {RewriteAnnotations.Target}, which makes expressions of paths too.");
    }

    private static void Conclude(AnnotationBag bag, string name, RewriteOutcome outcome)
    {
        var text = outcome.ToString() is { Length: > 0 } message ? message : Nothing;
        if (outcome.Problem is not null)
            bag.Block(name, text);
        else if (outcome.IsExact)
            bag.Exact(name, text);
        else
            bag.Differ(name, text);
    }
}
