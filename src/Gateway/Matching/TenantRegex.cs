using System.Collections.Concurrent;
using System.Text.RegularExpressions;

namespace Gatehouse.Gateway.Matching;

/// <summary>
/// A tenant's regular expression: run in time linear in its input, of bounded length and size. It must match the whole value, as
/// Envoy's do, so that <c>/api</c> does not let <c>/private/api</c> through.
/// </summary>
public static class TenantRegex
{
    /// <summary>Longest expression, in characters.</summary>
    public const int MaxLength = 256;

    // A few nested counted repeats unroll to millions of states; the runtime's own bound on them is off unless it is set.
    private const int MaxRepeatProduct = 1_000;

    /// <summary>From here on entries whose expression nobody uses any more are dropped when one is added.</summary>
    private const int SweepFrom = 4_096;

    // A host is rebuilt as a whole when one of its routes changes; the expressions of the others are in use and need not be built again.
    private static readonly ConcurrentDictionary<string, WeakReference<Regex>> Built = new(StringComparer.Ordinal);

    private static int _sweepAt = SweepFrom;

    private static readonly Regex CountedRepeat = new(@"\{(\d+)(?:,(\d*))?\}", RegexOptions.NonBacktracking | RegexOptions.CultureInvariant);

    /// <summary>Compiles an expression.</summary>
    /// <param name="pattern">Expression.</param>
    /// <param name="error">Why it cannot be used.</param>
    /// <returns>Null: it cannot be used.</returns>
    public static Regex? TryCreate(string pattern, out string? error)
    {
        error = null;
        if (Built.TryGetValue(pattern, out var reference) && reference.TryGetTarget(out var built))
            return built;
        error = Refuse(pattern);
        if (error is not null)
            return null;
        try
        {
            // Alone it must be an expression too, or `a)|(b` would close the bracket that anchors it.
            _ = new Regex(pattern, RegexOptions.CultureInvariant);
            return Keep(pattern, new Regex($@"\A(?:{pattern})\z", RegexOptions.NonBacktracking | RegexOptions.CultureInvariant));
        }
        catch (NotSupportedException)
        {
            error = "look-around, back-references, atomic groups and conditionals are not supported";
        }
        catch (ArgumentException failure)
        {
            error = failure.Message;
        }
        return null;
    }

    private static Regex Keep(string pattern, Regex regex)
    {
        Built[pattern] = new WeakReference<Regex>(regex);
        if (Built.Count < Volatile.Read(ref _sweepAt))
            return regex;
        foreach (var (unused, _) in Built.Where(static entry => !entry.Value.TryGetTarget(out _)))
            Built.TryRemove(unused, out _);
        Volatile.Write(ref _sweepAt, Math.Max(SweepFrom, 2 * Built.Count));
        return regex;
    }

    private static string? Refuse(string pattern)
    {
        if (pattern.Length > MaxLength)
            return $"the expression has {pattern.Length} characters; at most {MaxLength} are allowed";
        return RepeatProduct(pattern) > MaxRepeatProduct
            ? $"the expression's counted repeats multiply to more than {MaxRepeatProduct}"
            : null;
    }

    // An upper bound that needs no parser: the product of all counts, nested or not.
    private static long RepeatProduct(string pattern)
    {
        var product = 1L;
        foreach (Match repeat in CountedRepeat.Matches(pattern))
        {
            var count = repeat.Groups[2].Value is { Length: > 0 } max ? max : repeat.Groups[1].Value;
            product = Math.Min(long.MaxValue >> 32, product * Math.Max(1, int.TryParse(count, out var n) ? n : int.MaxValue));
        }
        return product;
    }
}
