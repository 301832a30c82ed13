using System.Net;
using Gatehouse.Gateway.Resources;
using Xunit;

namespace Gatehouse.Gateway.Tests.Validation;

public sealed class IpTextTests
{
    [Theory]
    [InlineData("010.0.0.1", "10.0.0.1")]
    [InlineData("0.0.0.0", "0.0.0.0")]
    [InlineData("255.255.255.255", "255.255.255.255")]
    [InlineData("::ffff:010.0.0.1", "::ffff:10.0.0.1")]
    public void TryParse_LeadingZeros_AreDecimalAsInKubernetes(string text, string expected)
    {
        Assert.True(IpText.TryParse(text, out var address));
        Assert.Equal(IPAddress.Parse(expected), address);
    }

    [Theory]
    [InlineData("010.0.0.1")]
    [InlineData("127.1")]
    [InlineData("[::1]")]
    [InlineData("fe80::1%1")]
    public void IsStrictAddress_WhatReadersDisagreeOn_IsRefused(string text) => Assert.False(IpText.IsStrictAddress(text));
}
