namespace Gatehouse.Api.Writes;

/// <summary>What a write answers.</summary>
/// <typeparam name="T">Document.</typeparam>
/// <param name="Document">The object after the write.</param>
/// <param name="Created">Whether the object is new.</param>
/// <param name="Location">Path of the object.</param>
/// <param name="ETag">Tag of the new version, if the object has one.</param>
internal sealed record Written<T>(T Document, bool Created, string Location, string? ETag)
{
    /// <summary>What was accepted and can still not do what its author must have meant.</summary>
    public IReadOnlyList<string> Warnings { get; init; } = [];
}
