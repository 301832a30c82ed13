using Gatehouse.Gateway.Validation;

namespace Gatehouse.Gateway.Manifests;

/// <summary>Holds what a mapping built to the bounds of its kind.</summary>
internal static class StoredSpec
{
    /// <summary>The spec as it is validated; null: refused, and the notes say why.</summary>
    public static object? Check(string kind, object spec, string prefix, ManifestNotes notes)
    {
        if (notes.Verdict == ManifestVerdict.Refused)
            return null;
        var result = SpecValidator.Validate(kind, SpecJson.Write(spec));
        foreach (var error in result.Errors)
            notes.Refuse($"{prefix}{error.Pointer}: {error.Message}");
        return result.Spec;
    }
}
