using System.Reflection;
using System.Text;
using System.Text.Json;
using Gatehouse.Gateway.Validation;
using Xunit;

namespace Gatehouse.Gateway.Tests.Validation;

/// <summary>Whatever is sent: no exception, bounded errors, pointers that point somewhere.</summary>
public sealed class HostileSpecTests
{
    private const int Seed = 20261120;

    private static readonly HashSet<string> Codes = typeof(ErrorCodes).GetFields(BindingFlags.Public | BindingFlags.Static)
        .Select(field => (string)field.GetRawConstantValue()!).ToHashSet();

    public static TheoryData<string> Kinds => [.. CrdCases.Kinds];

    [Theory]
    [MemberData(nameof(Kinds))]
    public void Validate_MutatedSpecs_ReportsOnlySoundErrors(string kind)
    {
        var mutator = new SpecMutator(kind, Seed);
        var refused = 0;
        for (var i = 0; i < 1_000; i++)
        {
            var json = mutator.Next().ToJsonString();
            using var document = JsonDocument.Parse(json);
            refused += AssertSound(kind, document.RootElement) ? 0 : 1;
            AssertSoundText(kind, mutator.Garble(json));
        }

        Assert.InRange(refused, 150, 950);
    }

    [Theory]
    [MemberData(nameof(Kinds))]
    public void Validate_NoObjectAtAll_IsOneError(string kind)
    {
        foreach (var json in new[] { "null", "true", "1", "\"x\"", "[]", "[{}]" })
        {
            using var document = JsonDocument.Parse(json);
            Assert.Equal("", Assert.Single(SpecValidator.Validate(kind, document.RootElement).Errors).Pointer);
        }
        Assert.Equal(ErrorCodes.Required, Assert.Single(SpecValidator.Validate(kind, default).Errors).Code);
    }

    [Fact]
    public void Validate_DeepestNesting_IsRefusedWithoutDescent()
    {
        const int Depth = 100_000;
        var json = "{\"rules\":[{\"x\":" + new string('[', Depth) + new string(']', Depth) + "}]}";
        using var document = JsonDocument.Parse(json, new JsonDocumentOptions { MaxDepth = Depth + 10 });

        Assert.Equal(ErrorCodes.UnknownField, Assert.Single(SpecValidator.Validate("HTTPRoute", document.RootElement).Errors).Code);
    }

    [Theory]
    [InlineData("{\"hostnames\":[%]}", "\"h#\"", 1)]
    [InlineData("{%}", "\"f#\":1", 100)]
    [InlineData("{%}", "\"hostnames\":[]", 100)]
    [InlineData("{\"rules\":[{\"retry\":{\"codes\":[%]}}]}", "1#", 100)]
    [InlineData("{\"parentRefs\":[%]}", "{\"name\":\"a\"}", 32)]
    public void Validate_HundredThousandItems_GivesFewErrorsQuickly(string around, string item, int errors)
    {
        var items = new StringBuilder();
        for (var i = 0; i < 100_000; i++)
            items.Append(i == 0 ? "" : ",").Append(item.Replace("#", i.ToString(), StringComparison.Ordinal));
        using var document = JsonDocument.Parse(around.Replace("%", items.ToString(), StringComparison.Ordinal));
        var started = TimeProvider.System.GetTimestamp();

        var result = SpecValidator.Validate("HTTPRoute", document.RootElement);

        Assert.Equal(errors, result.Errors.Count);
        // Linear work takes milliseconds; quadratic would take minutes.
        Assert.True(TimeProvider.System.GetElapsedTime(started) < TimeSpan.FromSeconds(10));
    }

    [Fact]
    public void Validate_TextsMadeForBacktracking_AreJudgedQuickly()
    {
        var value = string.Concat(Enumerable.Repeat("a ", 2_047)) + "\\u0001";
        var label = string.Concat(Enumerable.Repeat("a-", 126));
        using var document = JsonDocument.Parse(
            $$"""{"hostnames":["{{label}}"],"rules":[{"matches":[{"headers":[{"name":"a","value":"{{value}}"}]}]}]}""");
        var started = TimeProvider.System.GetTimestamp();

        Assert.Equal(2, SpecValidator.Validate("HTTPRoute", document.RootElement).Errors.Count);
        Assert.True(TimeProvider.System.GetElapsedTime(started) < TimeSpan.FromSeconds(5));
    }

    [Fact]
    public void Validate_HostileTexts_AreShortenedAndEscapedInMessages()
    {
        var text = "\\u001b[31m\\u202e<script>\\n" + new string('x', 10_000);
        using var document = JsonDocument.Parse($$"""{"hostnames":["{{text}}"],"{{text}}":1,"useDefaultGateways":"{{text}}"}""");

        var errors = SpecValidator.Validate("HTTPRoute", document.RootElement).Errors;

        Assert.Equal(3, errors.Count);
        Assert.All(errors, error => Assert.True(error.Message.Length < 300 && error.Pointer.Length < 400));
        Assert.All(errors, error => Assert.DoesNotContain(error.Message, c => char.IsControl(c) || c == '\u202e'));
        Assert.Contains(errors, error => error.Message.Contains("\\u{1b}", StringComparison.Ordinal));
    }

    [Theory]
    [InlineData("{\"\\ud800\":1}")]
    [InlineData("{\"\\u0000\":1}")]
    [InlineData("{\"hostnames\":[\"\\udc00\"]}")]
    public void Validate_BrokenUnicode_IsAnError(string json)
    {
        using var document = JsonDocument.Parse(json);
        Assert.Equal(ErrorCodes.InvalidCharacters, Assert.Single(SpecValidator.Validate("HTTPRoute", document.RootElement).Errors).Code);
    }

    [Fact]
    public void Validate_BrokenUtf8_IsAnError()
    {
        using var document = JsonDocument.Parse((byte[])[.. "{\"hostnames\":[\""u8, 0xff, .. "\"]}"u8]);
        Assert.Equal(ErrorCodes.InvalidCharacters, Assert.Single(SpecValidator.Validate("HTTPRoute", document.RootElement).Errors).Code);
    }

    private static void AssertSoundText(string kind, string json)
    {
        try
        {
            using var document = JsonDocument.Parse(json);
            AssertSound(kind, document.RootElement);
        }
        catch (JsonException)
        {
            // Not JSON: the API says so before it validates.
        }
    }

    private static bool AssertSound(string kind, JsonElement spec)
    {
        var result = SpecValidator.Validate(kind, spec);
        Assert.Equal(result.IsValid, result.Spec is not null);
        Assert.InRange(result.Errors.Count, 0, SpecValidator.MaxErrors);
        foreach (var error in result.Errors)
        {
            Assert.Contains(error.Code, Codes);
            Assert.InRange(error.Message.Length, 15, 400);
            Assert.True(PointsSomewhere(spec, error.Pointer), $"{error} in {spec}");
        }
        if (result.Spec is { } valid)
            Assert.True(JsonElement.DeepEquals(CanonicalJson.WithoutNulls(spec), SpecJson.Write(valid)), $"{spec} became {SpecJson.Write(valid)}");
        return result.IsValid;
    }

    /// <summary>RFC 6901; the last step may be missing, or cut off.</summary>
    private static bool PointsSomewhere(JsonElement element, string pointer)
    {
        var steps = pointer.Split('/').Skip(1).Select(step => step.Replace("~1", "/", StringComparison.Ordinal).Replace("~0", "~", StringComparison.Ordinal)).ToList();
        foreach (var step in steps.SkipLast(1))
        {
            if (element.ValueKind == JsonValueKind.Array && int.TryParse(step, out var index) && index < element.GetArrayLength())
                element = element[index];
            else if (element.ValueKind != JsonValueKind.Object || !element.TryGetProperty(step, out element))
                return false;
        }
        return pointer.Length == 0 || element.ValueKind is JsonValueKind.Object or JsonValueKind.Array;
    }
}
