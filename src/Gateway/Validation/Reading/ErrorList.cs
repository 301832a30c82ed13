namespace Gatehouse.Gateway.Validation.Reading;

/// <summary>Collects errors up to a cap; who reads long input stops when it is full.</summary>
internal sealed class ErrorList(int capacity)
{
    private readonly List<ValidationError> errors = [];

    public IReadOnlyList<ValidationError> Errors => errors;

    public bool IsFull => errors.Count >= capacity;

    public void Add(Location at, string code, string message)
    {
        if (!IsFull)
            errors.Add(new(at.ToString(), code, message));
    }
}
