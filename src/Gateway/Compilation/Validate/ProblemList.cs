using Gatehouse.Gateway.Compilation.Conditions;

namespace Gatehouse.Gateway.Compilation.Validate;

/// <summary>What stands against one rule, or against one backend of it.</summary>
internal sealed class ProblemList
{
    private readonly List<string> _messages = [];

    public bool IsEmpty => _messages.Count == 0;

    /// <summary>Reason of the first problem.</summary>
    public string Reason { get; private set; } = Reasons.UnsupportedValue;

    /// <summary>Whether nothing but references that cannot be used stands against it: ResolvedRefs says so, and the route stays accepted.</summary>
    public bool IsReferenceOnly { get; private set; } = true;

    public string Message => string.Join("; ", _messages);

    public void Add(string message, string reason = Reasons.UnsupportedValue)
    {
        if (_messages.Count == 0)
            Reason = reason;
        if (!_messages.Contains(message))
            _messages.Add(message);
        IsReferenceOnly = false;
    }

    /// <summary>Adds a reference that cannot be used and without which the rule fails closed.</summary>
    public void AddReference(string message, string reason)
    {
        var referenceOnly = IsReferenceOnly;
        Add(message, reason);
        IsReferenceOnly = referenceOnly;
    }
}
