using System.Globalization;
using Gatehouse.Api.Errors;
using Gatehouse.Contracts.Api;

namespace Gatehouse.Api.Lists;

/// <summary>Query parameters that every list takes.</summary>
/// <param name="Limit">Most items of the page.</param>
/// <param name="After">Key of the last item of the page before; null on the first page.</param>
/// <param name="Labels">Label selector.</param>
/// <param name="Search">Part of the name; null takes every name.</param>
internal sealed record ListQuery(int Limit, string? After, LabelSelector Labels, string? Search)
{
    public const int DefaultLimit = 100;
    public const int MaxLimit = 500;

    /// <summary>No name is longer.</summary>
    public const int MaxSearch = 253;

    /// <summary>Reads the parameters of a request to the list named <paramref name="list"/>.</summary>
    public static Result<ListQuery> Read(HttpRequest request, string list)
    {
        var errors = new List<FieldError>();
        var limit = ReadLimit(request.Query["limit"], errors);
        string? after = null;
        if (request.Query.TryGetValue("continue", out var token) && !string.IsNullOrEmpty(token))
        {
            if (ContinueToken.TryRead(list, token.ToString(), out var key))
                after = key;
            else
                errors.Add(new FieldError("?continue", "invalid_format", "This is not a token of this list; start again without it."));
        }
        if (!LabelSelector.TryParse(request.Query["labelSelector"], out var labels))
        {
            errors.Add(new FieldError(
                "?labelSelector", "invalid_format", "Write a label selector such as 'app=web,tier in (a,b),!legacy'; values follow the rules of labels."));
        }
        var search = ReadSearch(request.Query["search"], errors);
        return errors.Count > 0 ? new InvalidError(errors) : new ListQuery(limit, after, labels!, search);
    }

    private static string? ReadSearch(string? value, List<FieldError> errors)
    {
        if (string.IsNullOrEmpty(value))
            return null;
        if (value.Length > MaxSearch || value.Any(char.IsControl))
            errors.Add(new FieldError("?search", "invalid_format", $"search is part of a name: at most {MaxSearch} characters, none of them a control character."));
        return value;
    }

    private static int ReadLimit(string? value, List<FieldError> errors)
    {
        if (string.IsNullOrEmpty(value))
            return DefaultLimit;
        if (int.TryParse(value, NumberStyles.None, CultureInfo.InvariantCulture, out var limit) && limit is >= 1 and <= MaxLimit)
            return limit;
        errors.Add(new FieldError("?limit", "out_of_range", $"limit is a number from 1 to {MaxLimit}."));
        return DefaultLimit;
    }
}
