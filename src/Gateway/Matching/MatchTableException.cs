namespace Gatehouse.Gateway.Matching;

/// <summary>An entry of the match table cannot be used. It is refused alone; the rest of the table stays in force.</summary>
public sealed class MatchTableException : Exception
{
    /// <summary>Says why.</summary>
    public MatchTableException(string message)
        : base(message)
    {
    }

    /// <summary>Says why.</summary>
    public MatchTableException(string message, Exception inner)
        : base(message, inner)
    {
    }
}
