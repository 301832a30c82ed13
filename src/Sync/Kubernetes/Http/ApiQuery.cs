using System.Text;

namespace Gatehouse.Sync.Kubernetes.Http;

/// <summary>A query string.</summary>
internal sealed class ApiQuery
{
    private readonly StringBuilder _text = new();

    /// <summary>Adds a parameter unless its value is null or empty.</summary>
    public ApiQuery Add(string name, string? value)
    {
        if (!string.IsNullOrEmpty(value))
            _text.Append(_text.Length == 0 ? '?' : '&').Append(name).Append('=').Append(Uri.EscapeDataString(value));
        return this;
    }

    /// <inheritdoc />
    public override string ToString() => _text.ToString();
}
