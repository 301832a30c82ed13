using Xunit;

namespace Gatehouse.Portal.Tests.Browser;

/// <summary>Debian's Chromium, or the one that CHROMIUM names.</summary>
internal static class Chromium
{
    public static string? Path { get; } =
        new[] { Environment.GetEnvironmentVariable("CHROMIUM"), "/usr/bin/chromium", "/usr/bin/chromium-browser", "/usr/bin/google-chrome" }
            .FirstOrDefault(File.Exists);
}

/// <summary>A test that needs a browser: without one it is skipped and says so, but under CI it fails.</summary>
[AttributeUsage(AttributeTargets.Method)]
public sealed class BrowserFactAttribute : FactAttribute
{
    public BrowserFactAttribute()
    {
        if (Chromium.Path is null && Environment.GetEnvironmentVariable("CI") != "true")
            Skip = "No Chromium here: install it (apt-get install chromium) or set CHROMIUM to its path. The portal was not driven in a browser.";
    }
}

/// <summary>As <see cref="BrowserFactAttribute"/>, with data.</summary>
[AttributeUsage(AttributeTargets.Method)]
public sealed class BrowserTheoryAttribute : TheoryAttribute
{
    public BrowserTheoryAttribute()
    {
        if (Chromium.Path is null && Environment.GetEnvironmentVariable("CI") != "true")
            Skip = "No Chromium here: install it (apt-get install chromium) or set CHROMIUM to its path. The portal was not driven in a browser.";
    }
}
