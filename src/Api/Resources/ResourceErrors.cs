using Gatehouse.Api.Errors;
using Gatehouse.Contracts.Api;

namespace Gatehouse.Api.Resources;

/// <summary>POST of a name that is in use.</summary>
internal sealed record AlreadyExistsError(string Name)
    : Error(ErrorKind.Conflict, "already_exists", $"'{Name}' exists already; PUT replaces it.");

/// <summary>Others reference the object that is to be deleted.</summary>
internal sealed record ReferencedError : Error
{
    public ReferencedError(IReadOnlyList<ObjectReference> referrers, bool canCascade)
        : base(
            ErrorKind.Conflict,
            "referenced",
            $"{referrers.Count} object(s) reference it: change or delete them first{(canCascade ? ", or delete all of them with ?cascade=true" : "")}.")
    {
        Referrers = referrers;
    }
}

/// <summary>The name in the body is not the name in the path.</summary>
internal static class NameErrors
{
    public static InvalidError Mismatch { get; } = new("/name", "conflict", "The name in the body is another than the one in the path; names cannot be changed.");

    public static InvalidError Missing { get; } = new("/name", "required", "Write the name.");
}
