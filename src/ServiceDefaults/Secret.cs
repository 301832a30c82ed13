using System.Diagnostics;

namespace Gatehouse.ServiceDefaults;

/// <summary>A value that must not reach logs, traces or errors: it prints as asterisks.</summary>
[DebuggerDisplay("***")]
public sealed class Secret : IEquatable<Secret>
{
    private readonly string _value;

    /// <summary>Wraps a value.</summary>
    public Secret(string value)
    {
        ArgumentException.ThrowIfNullOrEmpty(value);
        _value = value;
    }

    /// <summary>The value itself, for the one place that needs it.</summary>
    public string Reveal() => _value;

    /// <summary>Wraps a value unless it is null or empty.</summary>
    public static Secret? OfNullable(string? value) => string.IsNullOrEmpty(value) ? null : new Secret(value);

    /// <inheritdoc />
    public bool Equals(Secret? other) => other is not null && other._value == _value;

    /// <inheritdoc />
    public override bool Equals(object? obj) => Equals(obj as Secret);

    /// <inheritdoc />
    public override int GetHashCode() => _value.GetHashCode(StringComparison.Ordinal);

    /// <inheritdoc />
    public override string ToString() => "***";
}
