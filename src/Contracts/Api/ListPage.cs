namespace Gatehouse.Contracts.Api;

/// <summary>One page of a list.</summary>
/// <typeparam name="T">Item.</typeparam>
/// <param name="Items">Items of this page.</param>
/// <param name="Continue">Opaque token for the next page; absent on the last.</param>
/// <param name="Remaining">How many items follow this page; absent on the last.</param>
public sealed record ListPage<T>(IReadOnlyList<T> Items, string? Continue = null, long? Remaining = null);
