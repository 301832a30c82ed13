namespace Gatehouse.Portal.Live;

/// <summary>A word about what was just done, for the page that comes next. It never comes from an address, so nobody can make the portal say something.</summary>
internal sealed class Notices
{
    private string? left;

    public void Leave(string notice) => left = notice;

    /// <summary>Null: there is none, or it was shown already.</summary>
    public string? Take() => Interlocked.Exchange(ref left, null);
}
