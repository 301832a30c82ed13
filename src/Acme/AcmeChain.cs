namespace Gatehouse.Acme;

/// <summary>A certificate as it was issued, with its intermediates.</summary>
/// <param name="Pem">PEM: the certificate first, then intermediates; nothing else.</param>
/// <param name="Root">Common name of the root that the chain leads to: the topmost certificate's issuer.</param>
public sealed record AcmeChain(string Pem, string Root)
{
    /// <summary>Roots that the authority's chains lead to, the default one first; only this chain's where no other was looked at.</summary>
    public IReadOnlyList<string> AvailableRoots { get; init; } = [Root];
}
