using Gatehouse.Gateway.Matching;
using Gatehouse.Gateway.Resources;

namespace Gatehouse.Gateway.Compilation.Order;

/// <summary>A match that never wins, with the one that always does.</summary>
/// <param name="Loser">Route of the match that never wins.</param>
/// <param name="Rule">Its rule.</param>
/// <param name="Match">Place in its rule; null: the whole rule of a stream route.</param>
/// <param name="Winner">Rule that takes its requests.</param>
/// <param name="WinnerMatch">Place of the winning match in that rule.</param>
/// <param name="IsEqual">Whether both ask for the same; otherwise the winner asks for less.</param>
internal sealed record Overlap(ResourceKey Loser, int Rule, int? Match, RuleSource Winner, int WinnerMatch, bool IsEqual);
