namespace Gatehouse.Gateway.Validation;

/// <summary>Outcome of validating a spec.</summary>
/// <param name="Spec">The typed spec (<c>HttpRouteSpec</c>, …); null if there are errors.</param>
/// <param name="Errors">Everything that is wrong, at most <see cref="SpecValidator.MaxErrors"/>, in the order of the fields.</param>
public sealed record SpecResult(object? Spec, IReadOnlyList<ValidationError> Errors)
{
    /// <summary>Whether the spec may be stored.</summary>
    public bool IsValid => Errors.Count == 0;
}
