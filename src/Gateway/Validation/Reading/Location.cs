using System.Globalization;
using System.Text;

namespace Gatehouse.Gateway.Validation.Reading;

/// <summary>A field name or a list index.</summary>
internal readonly record struct Step(string? Name, int Index)
{
    public static implicit operator Step(string name) => new(name, 0);

    public static implicit operator Step(int index) => new(null, index);
}

/// <summary>A place in a document; becomes an RFC 6901 pointer only when something is wrong there (https://www.rfc-editor.org/rfc/rfc6901).</summary>
internal sealed class Location
{
    /// <summary>Names beyond this are hostile: a pointer must not echo megabytes.</summary>
    private const int MaxName = 320;

    private readonly Location? parent;
    private readonly Step step;

    private Location(Location? parent, Step step) => (this.parent, this.step) = (parent, step);

    public static Location Root { get; } = new(null, default);

    public Location Then(params ReadOnlySpan<Step> steps)
    {
        var location = this;
        foreach (var next in steps)
            location = new Location(location, next);
        return location;
    }

    public override string ToString()
    {
        var pointer = new StringBuilder();
        Append(pointer);
        return pointer.ToString();
    }

    private void Append(StringBuilder pointer)
    {
        if (parent is null)
            return;
        parent.Append(pointer);
        pointer.Append('/').Append(step.Name is { } name
            ? SafeText.Shorten(name, MaxName).Replace("~", "~0", StringComparison.Ordinal).Replace("/", "~1", StringComparison.Ordinal)
            : step.Index.ToString(CultureInfo.InvariantCulture));
    }
}
