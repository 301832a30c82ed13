using Gatehouse.Gateway.Resources;
using Gatehouse.Gateway.Validation;
using Xunit;

namespace Gatehouse.Gateway.Tests.Validation;

public sealed class ObjectNamesTests
{
    [Theory]
    [InlineData("shop.example.com", "shop.example.com")]
    [InlineData("Shop.Example.COM.", "shop.example.com")]
    [InlineData("*.shop.example.com", "*.shop.example.com")]
    [InlineData("xn--bcher-kva.example", "xn--bcher-kva.example")]
    [InlineData("1.2.3.4.example", "1.2.3.4.example")]
    [InlineData("web.shop.apps.localhost", "web.shop.apps.localhost")]
    public void NormalizeHostname_DnsName_IsLowerCaseWithoutTrailingDot(string name, string expected)
    {
        var result = ObjectNames.NormalizeHostname(name);

        Assert.Empty(result.Errors);
        Assert.Equal(expected, result.Name);
    }

    [Theory]
    [InlineData("")]
    [InlineData(".")]
    [InlineData("*")]
    [InlineData("*.")]
    [InlineData("localhost")]
    [InlineData("*.com")]
    [InlineData("a.*.example.com")]
    [InlineData("*a.example.com")]
    [InlineData("*.*.example.com")]
    [InlineData("1.2.3.4")]
    [InlineData("::1")]
    [InlineData("[::1]")]
    [InlineData("example.123")]
    [InlineData("a..example.com")]
    [InlineData("example.com..")]
    [InlineData(".example.com")]
    [InlineData("-a.example.com")]
    [InlineData("a-.example.com")]
    [InlineData("a_b.example.com")]
    [InlineData("b\u00fccher.example")]
    [InlineData("example.com:80")]
    [InlineData("example.com\n")]
    [InlineData("a\0b.example.com")]
    [InlineData("http://example.com")]
    [InlineData("\u212A.example.com")] // the Kelvin sign lower-cases to an ASCII k
    public void NormalizeHostname_AnythingElse_IsRefusedWithAdvice(string name)
    {
        var result = ObjectNames.NormalizeHostname(name);

        var error = Assert.Single(result.Errors);
        Assert.Equal(("/name", ErrorCodes.InvalidFormat), (error.Pointer, error.Code));
        Assert.Equal("", result.Name);
    }

    [Fact]
    public void NormalizeHostname_AtTheLimits_IsAcceptedAndOneMoreIsNot()
    {
        var label = new string('a', 63);
        var longest = $"{label}.{label}.{label}.{new string('a', 61)}";

        Assert.Empty(ObjectNames.NormalizeHostname(longest).Errors);
        Assert.NotEmpty(ObjectNames.NormalizeHostname(longest + "a").Errors);
        Assert.NotEmpty(ObjectNames.NormalizeHostname($"a{label}.example.com").Errors);
    }

    [Fact]
    public void ValidateName_OfAHostname_MustBeNormalized()
    {
        Assert.Empty(ObjectNames.ValidateName(ResourceKind.Hostname, "shop.example.com"));
        Assert.Contains("'shop.example.com'", Assert.Single(ObjectNames.ValidateName(ResourceKind.Hostname, "Shop.example.com")).Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("a", true)]
    [InlineData("a.b-c.0", true)]
    [InlineData("", false)]
    [InlineData("A", false)]
    [InlineData("a_b", false)]
    [InlineData("-a", false)]
    [InlineData("a.", false)]
    [InlineData("a\n", false)]
    [InlineData("../a", false)]
    public void ValidateName_OfOtherKinds_IsADnsSubdomain(string name, bool valid) =>
        Assert.Equal(valid, ObjectNames.ValidateName(ResourceKind.HttpRoute, name).Count == 0);

    [Fact]
    public void ValidateName_AtTheLimit_IsAcceptedAndOneMoreIsNot()
    {
        Assert.Empty(ObjectNames.ValidateName(ResourceKind.Backend, new string('a', 253)));
        Assert.Equal(ErrorCodes.TooLong, Assert.Single(ObjectNames.ValidateName(ResourceKind.Backend, new string('a', 254))).Code);
        Assert.Empty(ObjectNames.ValidateTenantName(new string('a', 63)));
        Assert.Equal(ErrorCodes.TooLong, Assert.Single(ObjectNames.ValidateTenantName(new string('a', 64))).Code);
    }

    [Fact]
    public void ValidateTenantName_WithADot_IsRefused() =>
        Assert.Equal(ErrorCodes.InvalidFormat, Assert.Single(ObjectNames.ValidateTenantName("a.b")).Code);

    [Theory]
    [InlineData("team", "web", true)]
    [InlineData("gatehouse.dev/team", "Web_1.2-3", true)]
    [InlineData("team", "", true)]
    [InlineData("", "x", false)]
    [InlineData("/team", "x", false)]
    [InlineData("a/b/c", "x", false)]
    [InlineData("Gatehouse.dev/team", "x", false)]
    [InlineData("team-", "x", false)]
    [InlineData("team", "a b", false)]
    [InlineData("team", "-a", false)]
    [InlineData("team", "a\n", false)]
    public void ValidateLabels_ByKubernetesRules(string key, string value, bool valid) =>
        Assert.Equal(valid, ObjectNames.ValidateLabels(new Dictionary<string, string> { [key] = value }).Count == 0);

    [Fact]
    public void ValidateLabels_AtTheLimits_AreAcceptedAndOneMoreIsNot()
    {
        static int Errors(string key, string value) => ObjectNames.ValidateLabels(new Dictionary<string, string> { [key] = value }).Count;
        var prefix = new string('a', 253);
        var name = new string('n', 63);

        Assert.Equal(0, Errors($"{prefix}/{name}", name));
        Assert.Equal(1, Errors($"a{prefix}/n", ""));
        Assert.Equal(1, Errors($"{name}n", ""));
        Assert.Equal(1, Errors("n", name + "n"));
    }

    [Fact]
    public void ValidateLabels_HostileKey_GivesAnEscapedBoundedPointer()
    {
        var error = Assert.Single(ObjectNames.ValidateLabels(new Dictionary<string, string> { ["a/b~" + new string('x', 100_000)] = "" }));

        Assert.StartsWith("/labels/a~1b~0xxx", error.Pointer, StringComparison.Ordinal);
        Assert.True(error.Pointer.Length < 400 && error.Message.Length < 400);
    }

    [Fact]
    public void ValidateAnnotations_OfAllTogether_AreBounded()
    {
        var most = new string('x', ObjectNames.MaxAnnotationBytes - 1);

        Assert.Empty(ObjectNames.ValidateAnnotations(new Dictionary<string, string> { ["a"] = most }));
        var error = Assert.Single(ObjectNames.ValidateAnnotations(new Dictionary<string, string> { ["a"] = most, ["b"] = "" }));
        Assert.Equal(("/annotations", ErrorCodes.TooLong), (error.Pointer, error.Code));
    }

    [Fact]
    public void ValidateAnnotations_WhatPostgresCannotHold_IsRefused() =>
        Assert.Equal(ErrorCodes.InvalidCharacters, Assert.Single(ObjectNames.ValidateAnnotations(new Dictionary<string, string> { ["a"] = "x\0" })).Code);
}
