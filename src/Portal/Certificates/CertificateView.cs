using Gatehouse.Portal.Conditions;

namespace Gatehouse.Portal.Certificates;

/// <summary>A Certificate for showing.</summary>
internal static class CertificateView
{
    /// <summary>How it stands: what is over or cannot be used comes before what ends soon.</summary>
    public static ObjectState StateOf(ApiResource certificate)
    {
        var issued = ConditionView.Of(certificate, "Issued");
        if (issued.Signal == Signal.Bad)
            return new ObjectState(Signal.Bad, issued.Reason switch { "Expired" => "Expired", "NotYetValid" => "Not valid yet", _ => "Unusable" }, issued);
        if (issued.Signal == Signal.Waiting)
            return new ObjectState(Signal.Waiting, "Waiting", null);
        var ending = ConditionView.Of(certificate, "ExpiresSoon");
        return ending is { Signal: not Signal.Waiting } ? new ObjectState(Signal.Partial, "Ends soon", ending) : new ObjectState(Signal.Good, "Valid", null);
    }

    /// <summary>The Hostname that it was issued for; null: it was uploaded.</summary>
    public static string? ManagedFor(ApiResource certificate) =>
        certificate.Spec.ValueKind == System.Text.Json.JsonValueKind.Object && certificate.Spec.TryGetProperty("managedFor", out var hostname) ? hostname.GetString() : null;

    /// <summary>Its names, the first few written out.</summary>
    public static string NamesOf(ApiResource certificate)
    {
        const int shown = 4;
        var names = certificate.Status?.Certificate?.SubjectAltNames ?? [];
        return names.Count <= shown ? string.Join(", ", names) : $"{string.Join(", ", names.Take(shown))} and {names.Count - shown} more";
    }
}
