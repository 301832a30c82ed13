using Gatehouse.Gateway.Compilation.Conditions;

namespace Gatehouse.Gateway.Compilation.Validate;

/// <summary>What stands against one rule, or against one backend of it.</summary>
internal sealed class ProblemList
{
    private readonly List<string> _messages = [];

    public bool IsEmpty => _messages.Count == 0;

    /// <summary>Reason of the first problem.</summary>
    public string Reason { get; private set; } = Reasons.UnsupportedValue;

    public string Message => string.Join("; ", _messages);

    public void Add(string message, string reason = Reasons.UnsupportedValue)
    {
        if (_messages.Count == 0)
            Reason = reason;
        if (!_messages.Contains(message))
            _messages.Add(message);
    }
}
