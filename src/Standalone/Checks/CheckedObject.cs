namespace Gatehouse.Standalone.Checks;

/// <summary>An object with its conditions, as the API shows it.</summary>
/// <param name="Kind">Kind.</param>
/// <param name="Tenant">Tenant; null: it lies in none that users see.</param>
/// <param name="Name">Name.</param>
/// <param name="Clusters">Clusters that it concerns.</param>
/// <param name="Conditions">Conditions.</param>
internal sealed record CheckedObject(string Kind, string? Tenant, string Name, IReadOnlyList<string> Clusters, IReadOnlyList<CheckedCondition> Conditions);

/// <summary>A condition.</summary>
/// <param name="Type">Type.</param>
/// <param name="Status">True, False or Unknown.</param>
/// <param name="Reason">Reason.</param>
/// <param name="Message">Message.</param>
internal sealed record CheckedCondition(string Type, string Status, string Reason, string Message);

/// <summary>How much a condition matters.</summary>
internal enum Severity
{
    /// <summary>All is well.</summary>
    None,

    /// <summary>Worth knowing; it serves.</summary>
    Warning,

    /// <summary>Something does not serve as it is meant to.</summary>
    Bad,
}
