namespace Gatehouse.Gateway.Validation;

/// <summary>The stable codes of <see cref="ValidationError"/>: clients may rely on them, so they are added to and never renamed.</summary>
public static class ErrorCodes
{
    /// <summary>The field is not one of the object's fields.</summary>
    public const string UnknownField = "unknown_field";

    /// <summary>The field occurs twice in one JSON object.</summary>
    public const string DuplicateField = "duplicate_field";

    /// <summary>The value has another JSON type than the field.</summary>
    public const string InvalidType = "invalid_type";

    /// <summary>A required field is absent.</summary>
    public const string Required = "required";

    /// <summary>The text does not have the field's format.</summary>
    public const string InvalidFormat = "invalid_format";

    /// <summary>The path of a match is not one that a request can have.</summary>
    public const string InvalidPath = "invalid_path";

    /// <summary>The text has characters that cannot be stored.</summary>
    public const string InvalidCharacters = "invalid_characters";

    /// <summary>The value is not one of those that the field takes.</summary>
    public const string UnsupportedValue = "unsupported_value";

    /// <summary>The text is shorter than allowed.</summary>
    public const string TooShort = "too_short";

    /// <summary>The text is longer than allowed.</summary>
    public const string TooLong = "too_long";

    /// <summary>The list has fewer items than allowed.</summary>
    public const string TooFew = "too_few";

    /// <summary>The list or map has more items than allowed.</summary>
    public const string TooMany = "too_many";

    /// <summary>The number is outside of its range.</summary>
    public const string OutOfRange = "out_of_range";

    /// <summary>Two items that must differ are equal.</summary>
    public const string Duplicate = "duplicate";

    /// <summary>The field must not be set beside another one, or with its present value.</summary>
    public const string NotAllowed = "not_allowed";

    /// <summary>Two fields contradict each other.</summary>
    public const string Conflict = "conflict";

    /// <summary>The field cannot be changed after creation.</summary>
    public const string Immutable = "immutable";
}
