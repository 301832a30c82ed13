using System.Globalization;

namespace Gatehouse.Api.Lists;

/// <summary>A label selector as a SQL condition; keys and values travel as parameters only.</summary>
internal static class LabelFilter
{
    /// <summary>The condition on a jsonb column of labels, for <c>FromSql</c>; its parameters are appended.</summary>
    /// <param name="selector">Selector.</param>
    /// <param name="parameters">Parameters of the whole statement.</param>
    public static string ToSql(LabelSelector selector, List<object> parameters) =>
        selector.Requirements.Count == 0 ? "TRUE" : string.Join(" AND ", selector.Requirements.Select(requirement => ToSql(requirement, parameters)));

    private static string ToSql(LabelRequirement requirement, List<object> parameters)
    {
        var key = Add(parameters, requirement.Key);
        return requirement.Operator switch
        {
            LabelOperator.Exists => $"jsonb_exists(labels, {key})",
            LabelOperator.Missing => $"NOT jsonb_exists(labels, {key})",
            LabelOperator.In => $"coalesce(labels ->> {key} = ANY ({Add(parameters, requirement.Values.ToArray())}), FALSE)",
            _ => $"NOT coalesce(labels ->> {key} = ANY ({Add(parameters, requirement.Values.ToArray())}), FALSE)",
        };
    }

    private static string Add(List<object> parameters, object value)
    {
        parameters.Add(value);
        return string.Create(CultureInfo.InvariantCulture, $"{{{parameters.Count - 1}}}");
    }
}
