namespace Gatehouse.Dns.Caa;

/// <summary>Value of an <c>issue</c> or <c>issuewild</c> record (<see href="https://www.rfc-editor.org/rfc/rfc8659#section-4.2">RFC 8659 4.2</see>).</summary>
/// <param name="Domain">Who may issue; empty: nobody.</param>
/// <param name="Parameters">Tag and value, tags in lower case.</param>
internal sealed record CaaIssuer(string Domain, IReadOnlyList<KeyValuePair<string, string>> Parameters)
{
    private static readonly CaaIssuer Nobody = new("", []);

    /// <summary>Reads a value; one that breaks the grammar allows nobody, as the RFC says.</summary>
    public static CaaIssuer Read(string value)
    {
        var parts = value.Split(';');
        var domain = parts[0].Trim(' ', '\t');
        if (domain.Length > 0 && !domain.Split('.').All(IsLabel))
            return Nobody;
        List<KeyValuePair<string, string>> parameters = [];
        for (var i = 1; i < parts.Length; i++)
        {
            var parameter = parts[i].Trim(' ', '\t');
            if (parameter.Length == 0 && i == parts.Length - 1)
                break;
            var equals = parameter.IndexOf('=', StringComparison.Ordinal);
            var (tag, text) = equals < 0 ? ("", "") : (parameter[..equals].TrimEnd(' ', '\t'), parameter[(equals + 1)..].TrimStart(' ', '\t'));
            if (!IsLabel(tag) || text.Any(static c => c is < '!' or > '~'))
                return Nobody;
            parameters.Add(new(tag.ToLowerInvariant(), text));
        }
        return new CaaIssuer(domain.ToLowerInvariant(), parameters);
    }

    /// <summary>Whether the parameters of <see href="https://www.rfc-editor.org/rfc/rfc8657">RFC 8657</see> fit; others are the authority's own affair.</summary>
    public bool Permits(CaaRequest request)
    {
        var accounts = Values("accounturi");
        var methods = Values("validationmethods");

        // RFC 8657 3: several accounts in one record are none.
        return (request.AccountUri is null || accounts.Count == 0 || (accounts.Count == 1 && accounts[0] == request.AccountUri))
            && (request.ValidationMethod is null || methods.Count == 0 || (methods.Count == 1 && methods[0].Split(',').Contains(request.ValidationMethod, StringComparer.OrdinalIgnoreCase)));
    }

    private List<string> Values(string tag) => [.. Parameters.Where(parameter => parameter.Key == tag).Select(static parameter => parameter.Value)];

    private static bool IsLabel(string text) =>
        text.Length > 0 && text[0] != '-' && text[^1] != '-' && text.All(static c => char.IsAsciiLetterOrDigit(c) || c == '-');
}
