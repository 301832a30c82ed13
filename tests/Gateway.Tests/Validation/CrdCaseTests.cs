using System.Text.Json;
using Gatehouse.Gateway.Validation;
using Xunit;

namespace Gatehouse.Gateway.Tests.Validation;

/// <summary>Every limit at its edge and every CEL rule both ways, from Cases/*.cases.</summary>
public sealed class CrdCaseTests
{
    public static TheoryData<string> Kinds => [.. CrdCases.Kinds];

    [Theory]
    [MemberData(nameof(Kinds))]
    public void Validate_EachCase_GivesItsVerdictAndErrors(string kind)
    {
        var wrong = CrdCases.Read(kind).Select(Complaint).Where(complaint => complaint is not null).ToList();

        Assert.True(wrong.Count == 0, string.Join('\n', wrong));
    }

    [Theory]
    [MemberData(nameof(Kinds))]
    public void SpecJson_EachValidCase_RoundTripsWithoutLoss(string kind)
    {
        foreach (var valid in CrdCases.Read(kind).Where(one => one.WeAccept))
        {
            using var document = JsonDocument.Parse(valid.Spec);
            var written = SpecJson.Write(SpecValidator.Validate(kind, document.RootElement).Spec!);

            Assert.True(JsonElement.DeepEquals(CanonicalJson.WithoutNulls(document.RootElement), written), $"{valid}: {written}");
            Assert.True(JsonElement.DeepEquals(written, SpecJson.Write(SpecJson.Read(kind, written))), $"{valid}: read back");
        }
    }

    private static string? Complaint(CrdCase one)
    {
        using var document = JsonDocument.Parse(one.Spec);
        var result = SpecValidator.Validate(one.Kind, document.RootElement);
        var errors = string.Join(", ", result.Errors.Select(error => $"{error.Code} {error.Pointer}"));
        if (one.WeAccept != result.IsValid || result.IsValid != result.Spec is not null)
            return $"{one}: expected {(one.WeAccept ? "acceptance" : "refusal")}, got: {errors} of {one.Spec[..Math.Min(200, one.Spec.Length)]}";
        var asExpected = result.Errors.Count == one.Expected.Count
            && one.Expected.All(expected => result.Errors.Any(error => error.Code == expected.Code && error.Pointer.EndsWith(expected.Pointer, StringComparison.Ordinal)));
        if (!asExpected)
            return $"{one}: expected {string.Join(", ", one.Expected)}, got: {errors}";
        return result.Errors.FirstOrDefault(error => error.Message.Length is < 15 or > 400 || error.Message.Any(char.IsControl)) is { } bad
            ? $"{one}: bad message '{bad.Message}'"
            : null;
    }
}
