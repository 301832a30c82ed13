using Gatehouse.Contracts.Api;

namespace Gatehouse.Issuance.Ownership;

/// <summary>How a name was proven.</summary>
/// <param name="Kind"><c>Txt</c>, <c>Domain</c> or <c>Cname</c>, as in <see cref="HostnameDns.Proof"/>.</param>
/// <param name="Zone">Of a domain's proof: the domain.</param>
public sealed record HostnameProof(string Kind, string? Zone);

/// <summary>What resolvers say about a hostname. Texts of strangers in it are bounded and escaped.</summary>
public sealed record HostnameInspection
{
    /// <summary>Records to set, and how each stands.</summary>
    public IReadOnlyList<RequiredRecord> Required { get; init; } = [];

    /// <summary>What each resolver answered.</summary>
    public IReadOnlyList<ObservedRecord> Observed { get; init; } = [];

    /// <summary>What is wrong, most urgent first.</summary>
    public IReadOnlyList<HostnameProblem> Problems { get; init; } = [];

    /// <summary>
    /// The proof, if there is one: a record whose value is exactly the expected one at more than half of the resolvers that answered
    /// definitely, which must be at least half of all. An answer is definite if it says what there is or that there is nothing.
    /// </summary>
    public HostnameProof? Proof { get; init; }

    /// <summary>Whether the name's addresses are ours; null: unknown.</summary>
    public bool? PointsHere { get; init; }

    /// <summary>
    /// Whether <see cref="Proof"/>, or its absence, can be acted on. False if too few resolvers answered definitely about a record that
    /// may prove the name, or if they are split evenly: a name that was verified is then not punished.
    /// </summary>
    public bool Definite { get; init; }
}
