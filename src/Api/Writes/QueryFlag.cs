using System.Diagnostics.CodeAnalysis;
using Gatehouse.Api.Errors;

namespace Gatehouse.Api.Writes;

/// <summary>Query parameters that are on or off: <c>?dryRun=true</c>, <c>?dryRun</c>, <c>?dryRun=false</c>.</summary>
internal static class QueryFlag
{
    public static bool TryRead(HttpRequest request, string name, out bool value, [NotNullWhen(false)] out Error? error)
    {
        error = null;
        value = false;
        if (!request.Query.TryGetValue(name, out var text))
            return true;
        switch (text.ToString())
        {
            case "" or "true":
                value = true;
                return true;
            case "false":
                return true;
            default:
                error = new InvalidError("?" + name, "invalid_format", $"{name} is true or false.");
                return false;
        }
    }

    /// <summary>The flag, where a wrong value was refused before or counts as off.</summary>
    public static bool IsOn(HttpRequest request, string name) => TryRead(request, name, out var value, out _) && value;
}
