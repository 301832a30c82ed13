using System.Globalization;

namespace Gatehouse.Control.Status.Clusters;

/// <summary>Spans of time as people say them.</summary>
internal static class Ages
{
    /// <summary>Whole seconds up to two minutes, then minutes, then hours.</summary>
    public static string Show(TimeSpan age) => age.TotalSeconds switch
    {
        < 120 => string.Create(CultureInfo.InvariantCulture, $"{(long)age.TotalSeconds} s"),
        < 7200 => string.Create(CultureInfo.InvariantCulture, $"{(long)age.TotalMinutes} min"),
        < 3_600_000 => string.Create(CultureInfo.InvariantCulture, $"{(long)age.TotalHours} h"),
        _ => "a long time",
    };
}
