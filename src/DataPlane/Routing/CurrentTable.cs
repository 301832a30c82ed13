namespace Gatehouse.DataPlane.Routing;

/// <summary>The table in force, for those who only read it.</summary>
internal sealed class CurrentTable
{
    private volatile RouteTable _current = RouteTable.Empty;

    public RouteTable Current
    {
        get => _current;
        set => _current = value;
    }
}
