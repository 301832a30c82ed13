using Gatehouse.Api.Errors;
using Gatehouse.Contracts.Api;

namespace Gatehouse.Api.Import;

/// <summary>The manifests cannot be read at all.</summary>
internal sealed record MalformedManifestsError : Error
{
    public MalformedManifestsError(string reason, long line, long column)
        : base(ErrorKind.Malformed, "malformed_manifests", $"The manifests cannot be read: {reason.TrimEnd('.')} (line {line}, column {column}).")
    {
        Position = (line, column);
    }
}

/// <summary>A strict import has an object that cannot be stored; nothing was changed.</summary>
internal sealed record ImportRefusedError : Error
{
    public ImportRefusedError(IReadOnlyList<ImportedObject> objects, int refused)
        : base(ErrorKind.Invalid, "import_refused", $"{refused} object(s) cannot be stored, so nothing was changed; see objects.")
    {
        Objects = objects;
    }
}
