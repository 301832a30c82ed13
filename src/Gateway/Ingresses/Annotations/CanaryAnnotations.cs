using Gatehouse.Gateway.Matching;

namespace Gatehouse.Gateway.Ingresses.Annotations;

/// <summary>Canaries (https://kubernetes.github.io/ingress-nginx/user-guide/nginx-configuration/annotations/#canary).</summary>
internal static class CanaryAnnotations
{
    private const string Switch = "canary";
    private const string Weight = "canary-weight";
    private const string WeightTotal = "canary-weight-total";
    private const string Header = "canary-by-header";
    private const string HeaderValue = "canary-by-header-value";
    private const string HeaderPattern = "canary-by-header-pattern";
    private const string Cookie = "canary-by-cookie";
    private static readonly string[] Details = [Weight, WeightTotal, Header, HeaderValue, HeaderPattern, Cookie];

    /// <summary>Whether an Ingress is a canary.</summary>
    public static bool IsOn(IReadOnlyDictionary<string, string> annotations) => new AnnotationBag(annotations, new IngressNotes()).Flag(Switch) == true;

    public static CanarySettings? Read(AnnotationBag bag, bool hasMain)
    {
        if (bag.Flag(Switch) != true)
        {
            bag.Ignore(Switch, "An Ingress that is no canary is what an Ingress is anyway.");
            foreach (var name in Details)
                bag.Ignore(name, "It has no effect without canary \"true\".");
            return null;
        }
        if (!hasMain)
            bag.Block(Switch, "This is a canary without its main Ingress: none of this import has its hosts and paths, and ingress-nginx serves no canary alone. Import the main Ingress along with it, or remove the canary annotations to serve it by itself.");
        bag.Exact(Switch, "The backends join the routes of the main Ingress, which is the one with the same hosts and paths.");
        var total = ReadTotal(bag);
        var canary = new CanarySettings
        {
            WeightTotal = total,
            Weight = ReadWeight(bag, total),
            Header = bag.Text(Header),
            Cookie = bag.Text(Cookie),
        };
        bag.Exact(Header, "A match of the header's value comes before the weights.");
        bag.Exact(Cookie, "A regular expression over the header Cookie comes before the weights.");
        return ReadHeaderDetails(bag, canary);
    }

    private static int ReadTotal(AnnotationBag bag)
    {
        var total = bag.Number(WeightTotal);
        if (total is > 0 and <= 1_000_000)
        {
            bag.Exact(WeightTotal, "The weights of the backends add up to it.");
            return total.Value;
        }
        bag.Ignore(WeightTotal, "It is no weight, so ingress-nginx takes 100.");
        return 100;
    }

    private static int ReadWeight(AnnotationBag bag, int total)
    {
        var weight = Math.Clamp(bag.Number(Weight) ?? 0, 0, total);
        bag.Exact(Weight, $"The backends have the weights {total - weight} and {weight}.");
        return weight;
    }

    private static CanarySettings ReadHeaderDetails(AnnotationBag bag, CanarySettings canary)
    {
        if (canary.Header is null)
        {
            bag.Ignore(HeaderValue, "It has no effect without canary-by-header.");
            bag.Ignore(HeaderPattern, "It has no effect without canary-by-header.");
            return canary;
        }
        if (bag.Text(HeaderValue) is { } value)
        {
            bag.Exact(HeaderValue, "Requests whose header has this value go to the canary.");
            bag.Ignore(HeaderPattern, "canary-by-header-value stands beside it and wins.");
            return canary with { HeaderValue = value };
        }
        if (bag.Text(HeaderPattern) is not { } pattern)
            return canary;
        var whole = $".*(?:{pattern}).*";
        if (TenantRegex.TryCreate(whole, out var error) is null)
        {
            bag.Block(HeaderPattern, $"The expression cannot be used: {error}. Write one without look-around and back-references, of at most {TenantRegex.MaxLength} characters.");
            return canary;
        }
        bag.Exact(HeaderPattern, "A regular expression over the header comes before the weights; it is let match anywhere in the value, as there.");
        return canary with { HeaderPattern = whole };
    }
}
