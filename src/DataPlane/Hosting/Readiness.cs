namespace Gatehouse.DataPlane.Hosting;

/// <summary>Whether the data plane should get traffic: it has a table and is not about to stop.</summary>
internal sealed class Readiness
{
    private volatile bool _hasTable;
    private volatile bool _isDraining;

    public bool IsReady => _hasTable && !_isDraining;

    public bool IsDraining => _isDraining;

    public void TableApplied() => _hasTable = true;

    public void Draining() => _isDraining = true;
}
