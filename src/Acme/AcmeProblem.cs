using Gatehouse.Acme.Answers;

namespace Gatehouse.Acme;

/// <summary>A problem document (RFC 7807; RFC 8555 section 6.7). Its texts are the authority's: bounded, on one line, and not to be trusted.</summary>
/// <param name="Type">URN, for example <c>urn:ietf:params:acme:error:caa</c>, or <c>about:blank</c>.</param>
/// <param name="Detail">For people; at most 1,024 characters.</param>
/// <param name="Subproblems">What was wrong with each name (RFC 8555 section 6.7.1); at most 100.</param>
public sealed record AcmeProblem(string Type, string? Detail, IReadOnlyList<AcmeSubproblem> Subproblems)
{
    /// <summary>HTTP status that the document itself states.</summary>
    public int? Status { get; init; }

    /// <summary>A page that somebody must visit (RFC 8555 section 7.3.3).</summary>
    public Uri? Instance { get; init; }

    /// <summary>What it means; of a compound problem, what its first part means.</summary>
    public AcmeErrorKind Kind => Subproblems.Count > 0 && Type == ProblemTypes.Compound ? Subproblems[0].Kind : ProblemTypes.KindOf(Type);
}

/// <summary>A part of a problem.</summary>
/// <param name="Identifier">The name that it concerns; null: the authority does not say.</param>
/// <param name="Type">URN.</param>
/// <param name="Detail">For people; at most 1,024 characters.</param>
public sealed record AcmeSubproblem(string? Identifier, string Type, string? Detail)
{
    /// <summary>What it means.</summary>
    public AcmeErrorKind Kind => ProblemTypes.KindOf(Type);
}
