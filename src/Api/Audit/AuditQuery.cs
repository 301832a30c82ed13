using System.Globalization;
using System.Runtime.CompilerServices;
using Gatehouse.Api.Errors;
using Gatehouse.Api.Lists;
using Gatehouse.Contracts.Api;

namespace Gatehouse.Api.Audit;

/// <summary>Which audit events are wanted; newest first.</summary>
/// <param name="Page">Which page.</param>
/// <param name="Filters">Column → value.</param>
/// <param name="Since">Not older.</param>
/// <param name="Until">Older.</param>
internal sealed record AuditQuery(ListQuery Page, IReadOnlyDictionary<string, string> Filters, DateTimeOffset? Since, DateTimeOffset? Until)
{
    /// <summary>Query parameter → column.</summary>
    private static readonly Dictionary<string, string> Columns = new(StringComparer.Ordinal)
    {
        ["kind"] = "object_kind",
        ["name"] = "object_name",
        ["action"] = "verb",
        ["actor"] = "actor_name",
    };

    public static Result<AuditQuery> Read(HttpRequest request, string list)
    {
        if (!ListQuery.Read(request, list).TryGet(out var page, out var error))
            return error;
        var errors = new List<FieldError>();
        var filters = new Dictionary<string, string>(StringComparer.Ordinal);
        foreach (var (parameter, column) in Columns)
        {
            if (request.Query[parameter].ToString() is { Length: > 0 } value)
                filters[column] = value.Replace("\0", "", StringComparison.Ordinal);
        }
        var since = ReadTime(request, "since", errors);
        var until = ReadTime(request, "until", errors);
        if (page.After is not null && !Guid.TryParse(page.After, out _))
            errors.Add(new FieldError("?continue", "invalid_format", "This is not a token of this list; start again without it."));
        return errors.Count > 0 ? new InvalidError(errors) : new AuditQuery(page, filters, since, until);
    }

    /// <summary>The events after a key, in no order; names of columns are ours, values are parameters.</summary>
    public FormattableString ToSql(Guid? after)
    {
        var conditions = new List<string> { "TRUE" };
        var parameters = new List<object>();
        foreach (var (column, value) in Filters)
            conditions.Add($"{column} = {Add(value)}");
        if (Since is { } since)
            conditions.Add($"occurred_at >= {Add(since)}");
        if (Until is { } until)
            conditions.Add($"occurred_at < {Add(until)}");
        if (after is { } last)
            conditions.Add($"id < {Add(last)}");
        return FormattableStringFactory.Create("SELECT * FROM audit_events WHERE " + string.Join(" AND ", conditions), [.. parameters]);

        string Add(object value)
        {
            parameters.Add(value);
            return string.Create(CultureInfo.InvariantCulture, $"{{{parameters.Count - 1}}}");
        }
    }

    private static DateTimeOffset? ReadTime(HttpRequest request, string name, List<FieldError> errors)
    {
        if (request.Query[name].ToString() is not { Length: > 0 } text)
            return null;
        if (DateTimeOffset.TryParse(text, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out var time))
            return time.ToUniversalTime();
        errors.Add(new FieldError("?" + name, "invalid_format", "Write a time as in RFC 3339, such as 2030-01-31T12:00:00Z."));
        return null;
    }
}
