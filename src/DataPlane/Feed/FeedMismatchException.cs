namespace Gatehouse.DataPlane.Feed;

/// <summary>The feed sent what cannot be applied: nothing of it was, and a new snapshot is needed.</summary>
internal sealed class FeedMismatchException(string message) : Exception(message);
