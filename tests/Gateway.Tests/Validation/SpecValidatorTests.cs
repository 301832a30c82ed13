using System.Text.Json;
using Gatehouse.Gateway.Resources;
using Gatehouse.Gateway.Validation;
using Xunit;

namespace Gatehouse.Gateway.Tests.Validation;

public sealed class SpecValidatorTests
{
    [Fact]
    public void Validate_SpecOfARoute_GivesTheTypedRecord()
    {
        var spec = Assert.IsType<HttpRouteSpec>(Validate("HTTPRoute",
            """{"hostnames":["shop.example.com"],"rules":[{"backendRefs":[{"name":"v1","weight":90},{"name":"v2","weight":10}]}]}""").Spec);

        Assert.Equal("shop.example.com", Assert.Single(spec.Hostnames!));
        Assert.Equal([90, 10], Assert.Single(spec.Rules!).BackendRefs!.Select(backend => backend.Weight));
        Assert.Null(spec.Rules![0].Matches);
    }

    [Fact]
    public void Validate_ManyMistakes_AreReportedAtOnce()
    {
        var errors = Validate("HTTPRoute",
            """{"hostnames":["A"],"rules":[{"name":"r","matches":[{"path":{"value":"x"},"metod":"GET"}]},{"name":"r","backendRefs":[{"port":0}]}]}""").Errors;

        Assert.Equal(
            [
                "/hostnames/0 invalid_format",
                "/rules/0/matches/0/path/value invalid_path",
                "/rules/0/matches/0/metod unknown_field",
                "/rules/1/backendRefs/0/name required",
                "/rules/1/backendRefs/0/port out_of_range",
                "/rules/1 duplicate",
            ],
            errors.Select(error => $"{error.Pointer} {error.Code}"));
    }

    [Theory]
    [InlineData("""{"hostname":["a.b"]}""", "did you mean 'hostnames'?")]
    [InlineData("""{"RULES":[]}""", "did you mean 'rules'?")]
    [InlineData("""{"somethingElse":1}""", "the fields here are parentRefs, useDefaultGateways, hostnames, rules.")]
    public void Validate_UnknownField_NamesTheNearestOrAll(string json, string advice) =>
        Assert.EndsWith(advice, Assert.Single(Validate("HTTPRoute", json).Errors).Message, StringComparison.Ordinal);

    [Fact]
    public void Validate_NamesWithSlashes_AreEscapedInPointers() =>
        Assert.Equal("/a~1b~0c", Assert.Single(Validate("HTTPRoute", """{"a/b~c":1}""").Errors).Pointer);

    [Theory]
    [InlineData("*.example.com", "Http01", "/certificate/challenge")]
    [InlineData("*.example.com", "TlsAlpn01", "/certificate/challenge")]
    [InlineData("*.example.com", "Dns01", null)]
    [InlineData("*.example.com", null, null)]
    [InlineData("shop.example.com", "Http01", null)]
    public void CheckName_WildcardThatWouldBeProvenByName_IsRefused(string name, string? challenge, string? pointer)
    {
        var errors = SpecValidator.CheckName(name, new HostnameSpec { Certificate = new HostnameCertificate { Challenge = challenge } });
        Assert.Equal(pointer, errors.SingleOrDefault()?.Pointer);
        Assert.All(errors, error => Assert.Equal(ErrorCodes.Conflict, error.Code));
    }

    [Fact]
    public void Validate_UnknownKind_IsABugOfTheCaller() =>
        Assert.Throws<ArgumentException>(() => Validate("Secret", "{}"));

    [Fact]
    public void SpecJson_Write_UsesUpstreamsOrderAndNames()
    {
        const string Json = """
            {"rules":[{"backendRefs":[{"weight":1,"filters":[{"urlRewrite":{},"type":"URLRewrite"}],"port":80,"name":"b","kind":"Service"}]}],"parentRefs":[{"name":"g"}]}
            """;

        Assert.Equal(
            """{"parentRefs":[{"name":"g"}],"rules":[{"backendRefs":[{"kind":"Service","name":"b","port":80,"weight":1,"filters":[{"type":"URLRewrite","urlRewrite":{}}]}]}]}""",
            SpecJson.Write(Validate("HTTPRoute", Json).Spec!).GetRawText());
    }

    private static SpecResult Validate(string kind, string json)
    {
        using var document = JsonDocument.Parse(json);
        return SpecValidator.Validate(kind, document.RootElement);
    }
}
