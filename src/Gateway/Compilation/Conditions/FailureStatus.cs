using Gatehouse.Gateway.Resources;
using Gatehouse.Gateway.Status;

namespace Gatehouse.Gateway.Compilation.Conditions;

/// <summary>Status of an object that the compiler fails on.</summary>
internal static class FailureStatus
{
    /// <summary>The last good status, still speaking of its own generation, with a condition that says so.</summary>
    public static ResourceStatus Of(Resource resource, string failure, ResourceStatus? last)
    {
        var kept = last is not null && last.Conditions.Any(condition => condition.Type == Reasons.Accepted && condition.Reason != Reasons.CompilerFailure);
        var message = kept
            ? $"The compiler failed on this object ({failure}): its last good configuration stays in force. Change the object, or report the fault."
            : $"The compiler failed on this object ({failure}): it is not in force. Change the object, or report the fault.";
        var compiled = new Condition(Reasons.Compiled, "False", Reasons.CompilerFailure, message, resource.Generation);
        if (kept)
            return last! with { Conditions = [.. last.Conditions.Where(condition => condition.Type != Reasons.Compiled), compiled] };
        return new ResourceStatus
        {
            Key = resource.Key,
            Generation = resource.Generation,
            Conditions = [new Condition(Reasons.Accepted, "False", Reasons.CompilerFailure, message, resource.Generation), compiled],
        };
    }
}
