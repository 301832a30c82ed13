using Gatehouse.Api.Errors;
using Gatehouse.Contracts.Api;

namespace Gatehouse.Api.Status;

/// <summary>The condition did not become True in time.</summary>
internal sealed record WaitedInVainError : Error
{
    public WaitedInVainError(string condition, IReadOnlyList<ObjectCondition> conditions)
        : base(ErrorKind.WaitedInVain, "wait_timeout", Describe(condition, conditions))
    {
        Conditions = conditions;
    }

    private static string Describe(string condition, IReadOnlyList<ObjectCondition> conditions) =>
        conditions.FirstOrDefault(candidate => candidate.Type == condition) is { } last
            ? $"{condition} is {last.Status} ({last.Reason}): {last.Message}"
            : $"The object has no condition {condition}.";
}
