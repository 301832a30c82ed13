using System.Text;
using Gatehouse.Gateway.Validation.Reading;

namespace Gatehouse.Gateway.Validation.Kinds;

/// <summary>A key of an annotation that a class gives to objects in a cluster: Kubernetes' rules, and none of our own keys.</summary>
internal sealed class AnnotationKey : TextRule
{
    private const int MaxPrefix = 253;
    private const string OwnDomain = "gatehouse.dev";

    public static readonly AnnotationKey Rule = new();

    private AnnotationKey()
    {
    }

    protected override Problem? CheckStorable(string text)
    {
        // Kubernetes lets prefixes have capitals, and compares annotations' keys in lower case.
        var key = Ascii.IsValid(text) ? text.ToLowerInvariant() : text;
        var slash = key.IndexOf('/', StringComparison.Ordinal);
        if (slash > MaxPrefix)
            return new(ErrorCodes.TooLong, $"Must have at most {MaxPrefix} characters before '/'.");
        if (NameFormat.QualifiedName.Check(key) is { } problem)
            return problem;
        var prefix = slash < 0 ? "" : key[..slash];
        return prefix == OwnDomain || prefix.EndsWith("." + OwnDomain, StringComparison.Ordinal)
            ? new(ErrorCodes.NotAllowed, $"Must not begin with '{OwnDomain}/': Gatehouse writes those itself.")
            : null;
    }
}
