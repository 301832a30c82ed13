namespace Gatehouse.DataPlane.Feed;

/// <summary>What is in force, as the feed counts.</summary>
/// <param name="Revision">Revision; 0: none.</param>
/// <param name="Hash">Sum over the entries' hashes.</param>
/// <param name="CompilerVersion">Compiler that made the entries.</param>
internal sealed record FeedPosition(long Revision, UInt128 Hash, string? CompilerVersion)
{
    public static FeedPosition None { get; } = new(0, UInt128.Zero, null);
}
