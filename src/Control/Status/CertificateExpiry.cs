using Gatehouse.Gateway.Status;

namespace Gatehouse.Control.Status;

/// <summary>A certificate whose end is near enough that somebody should know.</summary>
/// <param name="Threshold">The narrowest threshold that it has passed; zero: it has expired.</param>
/// <param name="Since">When it passed the first one.</param>
public sealed record CertificateExpiry(TimeSpan Threshold, DateTimeOffset Since)
{
    /// <summary>Days before the end at which people are told.</summary>
    private static readonly TimeSpan[] Usual = [TimeSpan.FromDays(30), TimeSpan.FromDays(14), TimeSpan.FromDays(7), TimeSpan.FromDays(1)];

    /// <summary>Whether it is over.</summary>
    public bool IsExpired => Threshold == TimeSpan.Zero;

    /// <summary>Null: its end is not near, or it is about to be renewed as it should be.</summary>
    /// <param name="certificate">What it says of itself.</param>
    /// <param name="now">Now.</param>
    public static CertificateExpiry? Of(CertificateDetails certificate, DateTimeOffset now)
    {
        ArgumentNullException.ThrowIfNull(certificate);
        var thresholds = ThresholdsOf(certificate);
        var left = certificate.NotAfter - now;
        var since = certificate.NotAfter - thresholds[0];
        if (left <= TimeSpan.Zero)
            return new CertificateExpiry(TimeSpan.Zero, since);
        var passed = Array.FindLast(thresholds, threshold => left <= threshold);
        return passed == TimeSpan.Zero ? null : new CertificateExpiry(passed, since);
    }

    // Renewal is due when a third of the life is left: what comes before that alarms nobody. Where that leaves none, half of that third is late.
    private static TimeSpan[] ThresholdsOf(CertificateDetails certificate)
    {
        if (certificate.ManagedFor is null)
            return Usual;
        var life = certificate.NotAfter - certificate.NotBefore;
        var late = Array.FindAll(Usual, threshold => threshold < life / 3);
        return late.Length > 0 ? late : [life / 6];
    }
}
