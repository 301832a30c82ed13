using System.Text.RegularExpressions;
using Gatehouse.Api.Errors;
using Gatehouse.Contracts.Api;
using Gatehouse.Gateway.Resources;

namespace Gatehouse.Api.Status;

/// <summary>What a read waits for.</summary>
/// <param name="Condition">Condition type; null: nothing.</param>
/// <param name="Timeout">How long.</param>
internal sealed partial record WaitQuery(string? Condition, TimeSpan Timeout)
{
    public static readonly TimeSpan DefaultTimeout = TimeSpan.FromSeconds(30);
    public static readonly TimeSpan MaxTimeout = TimeSpan.FromMinutes(5);

    /// <summary>Reads <c>waitFor</c> and <c>timeout</c> (a GEP-2257 duration, or seconds).</summary>
    public static Result<WaitQuery> Read(HttpRequest request)
    {
        var errors = new List<FieldError>();
        string? condition = null;
        if (request.Query.TryGetValue("waitFor", out var wanted))
        {
            condition = wanted.ToString();
            if (!ConditionType().IsMatch(condition))
                errors.Add(new FieldError("?waitFor", "invalid_format", "waitFor names a condition type, such as Live or Programmed."));
        }
        var timeout = DefaultTimeout;
        if (request.Query.TryGetValue("timeout", out var text) && !TryReadTimeout(text.ToString(), out timeout))
            errors.Add(new FieldError("?timeout", "invalid_format", $"timeout is a duration from 0s to {MaxTimeout.TotalMinutes}m, such as 30s."));
        return errors.Count > 0 ? new InvalidError(errors) : new WaitQuery(condition, timeout);
    }

    private static bool TryReadTimeout(string text, out TimeSpan timeout)
    {
        var duration = text.Length > 0 && text.All(char.IsAsciiDigit) ? text + "s" : text;
        return GatewayDuration.TryParse(duration, out timeout) && timeout <= MaxTimeout;
    }

    [GeneratedRegex(@"\A[A-Z][A-Za-z]{0,62}\z")]
    private static partial Regex ConditionType();
}
