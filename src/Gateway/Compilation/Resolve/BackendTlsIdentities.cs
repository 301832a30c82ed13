using Gatehouse.Gateway.Matching;
using Gatehouse.Gateway.Resources;

namespace Gatehouse.Gateway.Compilation.Resolve;

/// <summary>Whom a TLS backend must prove to be.</summary>
internal static class BackendTlsIdentities
{
    private const string Hostname = "Hostname";
    private const string Uri = "URI";

    public static BackendTlsEntry Of(string? hostname, IReadOnlyList<SubjectAltName>? names) => new()
    {
        Hostname = hostname,
        SubjectAltNames = [.. (names ?? []).Where(name => name.Type == Hostname).Select(name => name.Hostname).OfType<string>()],
        SubjectAltUris = [.. (names ?? []).Where(name => name.Type == Uri).Select(name => name.Uri).OfType<string>()],
    };

    public static bool IsKnown(SubjectAltName name) => name is { Type: Hostname, Hostname: not null } or { Type: Uri, Uri: not null };
}
