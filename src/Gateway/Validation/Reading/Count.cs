namespace Gatehouse.Gateway.Validation.Reading;

/// <summary>How many items a list or map takes.</summary>
internal readonly record struct Count(int Min, int Max)
{
    public static readonly Count Any = new(0, int.MaxValue);

    public static Count AtMost(int max) => new(0, max);

    /// <summary>What is wrong with a number of items, or null.</summary>
    public Problem? Check(int count)
    {
        if (count < Min)
            return new(ErrorCodes.TooFew, $"Must have at least {Min} item{(Min == 1 ? "" : "s")}.");
        return count > Max ? new(ErrorCodes.TooMany, $"Must have at most {Max} items; it has {count}.") : null;
    }
}
