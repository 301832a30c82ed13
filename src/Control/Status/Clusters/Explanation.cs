namespace Gatehouse.Control.Status.Clusters;

/// <summary>What a condition's reason means, in plain words.</summary>
/// <param name="Meaning">A sentence.</param>
/// <param name="NextStep">A sentence that says who does what; empty: nobody has to do anything.</param>
internal sealed record Explanation(string Meaning, string NextStep = "")
{
    public override string ToString() => NextStep.Length == 0 ? Meaning : $"{Meaning} {NextStep}";
}

/// <summary>What a condition speaks of.</summary>
internal enum Subject
{
    GatewayClass,
    Gateway,
    Listener,
    ListenerSet,
    Route,
    Policy,
}
