namespace Gatehouse.Portal.Api;

/// <summary>Which part of a list to fetch.</summary>
/// <param name="Limit">At most so many objects.</param>
/// <param name="Continue">From the page before.</param>
/// <param name="Search">Part of a name.</param>
internal sealed record ListQuery(int Limit, string? Continue = null, string? Search = null);
