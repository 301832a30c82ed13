namespace Gatehouse.Control.Status.Clusters;

/// <summary>Something in a cluster that is not as it should be.</summary>
/// <param name="Type">Type of the condition that says so; empty: it is missing, or speaks of another generation.</param>
/// <param name="Verdict">False or Unknown; True: it only deserves a look.</param>
/// <param name="Listener">The listener that it is about; null: the whole object.</param>
internal sealed record Finding(string Type, Verdict Verdict, string? Listener = null)
{
    public bool IsWarning => Verdict.IsTrue;
}
