using System.Globalization;
using Gatehouse.Gateway.Matching;
using Gatehouse.Gateway.Resources;
using Gatehouse.Gateway.Status;

namespace Gatehouse.Control.Status;

/// <summary>ExpiresSoon: of a Certificate, and of a Hostname that shows no other one that lasts longer.</summary>
internal static class ExpiresSoonRule
{
    /// <summary>Null: nothing is due.</summary>
    public static (Verdict Verdict, DateTimeOffset Since)? Of(ObjectView view, DateTimeOffset now) => view.Compiled.Key.Kind switch
    {
        ResourceKind.Certificate when view.Compiled.Certificate is { } certificate => Of(certificate, "It", now),
        ResourceKind.Hostname when Shown(view) is var (key, certificate) =>
            Of(certificate, key.Tenant == view.Compiled.Key.Tenant ? $"Certificate `{key.Name}`" : "Its certificate", now),
        _ => null,
    };

    private static (Verdict Verdict, DateTimeOffset Since)? Of(CertificateDetails certificate, string subject, DateTimeOffset now)
    {
        if (CertificateExpiry.Of(certificate, now) is not { } expiry)
            return null;
        var end = certificate.NotAfter.UtcDateTime.ToString("yyyy-MM-dd HH:mm 'UTC'", CultureInfo.InvariantCulture);
        var when = expiry.IsExpired ? $"{subject} expired at {end}" : $"{subject} expires in {Left(certificate.NotAfter - now)}, at {end}";
        var step = certificate.ManagedFor is { } hostname
            ? $"Its renewal is overdue: status.issuance of Hostname `{hostname}` says what is in the way and who must act."
            : "Upload a newer one under the same name.";
        return (Verdict.True(expiry.IsExpired ? "Expired" : certificate.ManagedFor is null ? "Uploaded" : "RenewalOverdue", $"{when}. {step}"), expiry.Since);
    }

    // The one that lasts longest of those that its listeners show: data planes keep serving with it.
    private static (ResourceKey Key, CertificateDetails Certificate)? Shown(ObjectView view)
    {
        (ResourceKey, CertificateDetails)? longest = null;
        var last = DateTimeOffset.MinValue;
        foreach (var text in ListenersOf(view).SelectMany(listener => listener.Tls?.Certificates ?? []).Distinct(StringComparer.Ordinal))
        {
            var slash = text.IndexOf('/', StringComparison.Ordinal);
            var key = new ResourceKey(ResourceKind.Certificate, text[..slash], text[(slash + 1)..]);
            if (view.Snapshot.Statuses.GetValueOrDefault(key)?.Certificate is { } certificate && certificate.NotAfter > last)
                (longest, last) = ((key, certificate), certificate.NotAfter);
        }
        return longest;
    }

    private static IEnumerable<ListenerEntry> ListenersOf(ObjectView view) =>
        view.Compiled.Pools.Where(view.Snapshot.Pools.ContainsKey)
            .SelectMany(pool => view.Compiled.ListenerIds.Select(id => view.Snapshot.Pools[pool].Table.Listeners.GetValueOrDefault(id))).OfType<ListenerEntry>();

    private static string Left(TimeSpan left) => left.TotalDays >= 2
        ? string.Create(CultureInfo.InvariantCulture, $"{(int)left.TotalDays} days")
        : left.TotalHours >= 2
            ? string.Create(CultureInfo.InvariantCulture, $"{(int)left.TotalHours} hours")
            : string.Create(CultureInfo.InvariantCulture, $"{(int)Math.Ceiling(left.TotalMinutes)} minutes");
}
