using System.Diagnostics.CodeAnalysis;

namespace Gatehouse.Api.Errors;

/// <summary>A value, or the expected failure that stands in its place.</summary>
/// <typeparam name="T">Value.</typeparam>
internal readonly struct Result<T>
{
    private readonly T? _value;

    private Result(T? value, Error? error) => (_value, Error) = (value, error);

    public Error? Error { get; }

    public static implicit operator Result<T>(T value) => new(value, null);

    public static implicit operator Result<T>(Error error) => new(default, error);

    /// <summary>Takes the value or the error apart: exactly one of them is there.</summary>
    public bool TryGet([MaybeNullWhen(false)] out T value, [NotNullWhen(false)] out Error? error)
    {
        (value, error) = (_value, Error);
        return error is null;
    }
}
