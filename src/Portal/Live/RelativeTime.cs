using System.Globalization;

namespace Gatehouse.Portal.Live;

/// <summary>Moments as people say them.</summary>
internal static class RelativeTime
{
    public static string Describe(DateTimeOffset at, DateTimeOffset now) => (now - at) switch
    {
        { TotalDays: < -30 } => at.UtcDateTime.ToString("d MMM yyyy", CultureInfo.InvariantCulture),
        { TotalDays: <= -1 } age => $"in {(int)-age.TotalDays} d",
        { TotalHours: <= -1 } age => $"in {(int)-age.TotalHours} h",
        { TotalMinutes: <= -1 } age => $"in {(int)-age.TotalMinutes} min",
        { TotalSeconds: <= -10 } age => $"in {(int)-age.TotalSeconds} s",
        { TotalSeconds: <= -2 } => "in a moment",
        { TotalSeconds: < 10 } => "just now",
        { TotalMinutes: < 1 } age => $"{(int)age.TotalSeconds} s ago",
        { TotalHours: < 1 } age => $"{(int)age.TotalMinutes} min ago",
        { TotalDays: < 1 } age => $"{(int)age.TotalHours} h ago",
        { TotalDays: < 30 } age => $"{(int)age.TotalDays} d ago",
        _ => at.UtcDateTime.ToString("d MMM yyyy", CultureInfo.InvariantCulture),
    };
}
