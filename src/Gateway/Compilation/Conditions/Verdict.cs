using Gatehouse.Gateway.Status;

namespace Gatehouse.Gateway.Compilation.Conditions;

/// <summary>
/// A condition without its generation. Objects by the hundred thousand say the same: a verdict hands out one condition for
/// each low generation.
/// </summary>
internal sealed class Verdict(string type, string status, string reason, string message) : IEquatable<Verdict>
{
    private const int Cached = 8;

    private Condition?[]? _conditions;

    public string Type => type;

    public string Reason => reason;

    public string Message => message;

    public bool IsTrue => status == "True";

    public static Verdict Accepted { get; } = True(Reasons.Accepted, Reasons.Accepted, "Accepted.");

    public static Verdict ResolvedRefs { get; } = True(Reasons.ResolvedRefs, Reasons.ResolvedRefs, "All references are resolved.");

    public static Verdict NoConflicts { get; } = False(Reasons.Conflicted, Reasons.NoConflicts, "No other listener is in the way.");

    public static Verdict True(string type, string reason, string message) => new(type, "True", reason, message);

    public static Verdict False(string type, string reason, string message) => new(type, "False", reason, message);

    public static Verdict Unknown(string type, string reason, string message) => new(type, "Unknown", reason, message);

    /// <summary>The condition at a generation.</summary>
    public Condition At(long generation)
    {
        if (generation is < 0 or >= Cached)
            return new Condition(type, status, reason, message, generation);
        _conditions ??= new Condition?[Cached];
        return _conditions[generation] ??= new Condition(type, status, reason, message, generation);
    }

    public bool Equals(Verdict? other) =>
        other is not null && type == other.Type && reason == other.Reason && message == other.Message && status == other.StatusText;

    public override bool Equals(object? obj) => Equals(obj as Verdict);

    public override int GetHashCode() => HashCode.Combine(type, status, reason, message);

    private string StatusText => status;
}
