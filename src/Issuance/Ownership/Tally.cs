namespace Gatehouse.Issuance.Ownership;

/// <summary>
/// How many resolvers show a record. It counts as shown if more than half of those that answered definitely show it, and at least half of
/// all answered so. One resolver that was fooled, or that alone still answers, proves nothing where there are more; one that is dead
/// forever blocks nothing.
/// </summary>
/// <param name="All">Resolvers that were asked.</param>
/// <param name="Definite">Those that answered definitely.</param>
/// <param name="Showing">Those that show exactly what is expected.</param>
internal sealed record Tally(int All, int Definite, int Showing)
{
    /// <summary>Enough answered definitely.</summary>
    public bool HasQuorum => Definite > 0 && Definite * 2 >= All;

    /// <summary>The record counts as being there.</summary>
    public bool IsShown => HasQuorum && Showing * 2 > Definite;

    /// <summary>That it is there, or that it is not, can be relied on.</summary>
    public bool IsDecided => HasQuorum && Showing * 2 != Definite;

    /// <summary>Counts.</summary>
    /// <param name="views">Resolvers.</param>
    /// <param name="isShown">True: it shows the record; false: it definitely does not; null: it does not know.</param>
    public static Tally Of(IReadOnlyCollection<ResolverView> views, Func<ResolverView, bool?> isShown)
    {
        bool?[] votes = [.. views.Select(isShown)];
        return new Tally(votes.Length, votes.Count(static vote => vote is not null), votes.Count(static vote => vote is true));
    }

    /// <summary>State as in <see cref="Contracts.Api.RequiredRecord"/>.</summary>
    /// <param name="isWrong">Whether there is something else instead.</param>
    public string State(bool isWrong) =>
        Definite == 0 ? "Unknown"
        : Showing == Definite ? "Found"
        : Showing > 0 ? "Partial"
        : isWrong ? "Wrong" : "Missing";
}
