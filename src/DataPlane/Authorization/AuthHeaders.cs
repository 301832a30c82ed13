using Gatehouse.DataPlane.Actions;
using Gatehouse.DataPlane.Forwarding;
using Gatehouse.DataPlane.Hardening;
using Microsoft.Extensions.Primitives;

namespace Gatehouse.DataPlane.Authorization;

/// <summary>Carries out what authorization services want of headers. They are backends, so what they say is not trusted.</summary>
internal static class AuthHeaders
{
    /// <summary>
    /// Whether a service may have it changed: "all headers … except Authority or Host"
    /// (https://gateway-api.sigs.k8s.io/reference/spec/#httpauthconfig), and none that frames a message.
    /// </summary>
    public static bool MayChange(string name) =>
        ActionGuard.IsToken(name) && !HopByHopHeaders.Contains(name) && !IsOneOf(name, "Host", "Content-Length", "Trailer");

    /// <summary>Whether a header says something of the message that it came in and nothing of another.</summary>
    public static bool DescribesMessage(string name) => name.StartsWith("Content-", StringComparison.OrdinalIgnoreCase) || IsOneOf(name, "Date", "Server", "Set-Cookie");

    /// <summary>Whether a value can be sent.</summary>
    public static bool IsSendable(string value) =>
        !value.AsSpan().ContainsAnyInRange('\0', '\x08') && !value.AsSpan().ContainsAnyInRange('\x0a', '\x1f') && !value.AsSpan().ContainsAnyExceptInRange('\0', '\xff')
        && !value.Contains('\x7f');

    public static void Apply(HttpRequestMessage message, IReadOnlyList<HeaderChange> changes)
    {
        foreach (var change in changes)
        {
            var present = message.Headers.NonValidated.Contains(change.Name) || message.Content?.Headers.NonValidated.Contains(change.Name) == true;
            if (IsSkipped(change, present))
                continue;
            if (change.Mode != ChangeMode.Append)
                RequestHeaders.Remove(message, change.Name);
            foreach (var value in change.Values ?? [])
                RequestHeaders.Append(message, change.Name, value);
        }
    }

    public static void Apply(IHeaderDictionary headers, IReadOnlyList<HeaderChange> changes)
    {
        foreach (var change in changes)
        {
            if (IsSkipped(change, headers.ContainsKey(change.Name)))
                continue;
            if (change.Values is null)
                headers.Remove(change.Name);
            else
                headers[change.Name] = change.Mode == ChangeMode.Append ? StringValues.Concat(headers[change.Name], change.Values.ToArray()) : change.Values.ToArray();
        }
    }

    private static bool IsSkipped(HeaderChange change, bool present) =>
        (change.Mode == ChangeMode.AddIfAbsent && present) || (change.Mode == ChangeMode.OverwriteIfPresent && !present);

    private static bool IsOneOf(string name, params ReadOnlySpan<string> names)
    {
        foreach (var one in names)
        {
            if (name.Equals(one, StringComparison.OrdinalIgnoreCase))
                return true;
        }
        return false;
    }
}
