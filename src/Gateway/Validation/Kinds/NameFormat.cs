using Gatehouse.Gateway.Validation.Reading;

namespace Gatehouse.Gateway.Validation.Kinds;

/// <summary>Names as Kubernetes defines them (https://kubernetes.io/docs/concepts/overview/working-with-objects/names/).</summary>
internal static class NameFormat
{
    public const string LabelPattern = "[a-z0-9]([-a-z0-9]*[a-z0-9])?";
    public const string SubdomainPattern = LabelPattern + @"(\." + LabelPattern + ")*";
    public const string QualifiedPattern = "(" + SubdomainPattern + "/)?([A-Za-z0-9][-A-Za-z0-9_.]{0,61})?[A-Za-z0-9]";

    /// <summary>DNS-1123 label: names of tenants.</summary>
    public static readonly TextFormat Label = new(1, 63, $@"\A{LabelPattern}\z",
        "lower-case letters, digits and '-', with a letter or digit at both ends");

    /// <summary>DNS-1123 subdomain: names of most objects.</summary>
    public static readonly TextFormat Subdomain = new(1, 253, $@"\A{SubdomainPattern}\z",
        "labels of lower-case letters, digits and '-' joined by '.', each with a letter or digit at both ends");

    /// <summary>Keys of labels and annotations; that the prefix alone has at most 253 characters is for the caller to see (https://kubernetes.io/docs/concepts/overview/working-with-objects/labels/#syntax-and-character-set).</summary>
    public static readonly TextFormat QualifiedName = new(1, 253 + 1 + 63, $@"\A{QualifiedPattern}\z",
        "an optional DNS name and '/', then at most 63 letters, digits, '-', '_' or '.', with a letter or digit at both ends");

    /// <summary>Values of labels.</summary>
    public static readonly TextFormat LabelValue = new(0, 63, @"\A(([A-Za-z0-9][-A-Za-z0-9_.]*)?[A-Za-z0-9])?\z",
        "empty, or letters, digits, '-', '_' and '.', with a letter or digit at both ends");
}
