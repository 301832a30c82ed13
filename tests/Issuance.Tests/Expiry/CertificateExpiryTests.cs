using Gatehouse.Control.Status;
using Gatehouse.Gateway.Status;
using Xunit;

namespace Gatehouse.Issuance.Tests.Expiry;

/// <summary>When a certificate's end is near enough to tell.</summary>
public sealed class CertificateExpiryTests
{
    private static readonly DateTimeOffset End = new(2030, 6, 1, 12, 0, 0, TimeSpan.Zero);

    [Theory]
    [InlineData(31 * 24, null)]
    [InlineData(30 * 24, 30.0)]
    [InlineData(15 * 24, 30.0)]
    [InlineData(14 * 24, 14.0)]
    [InlineData(7 * 24, 7.0)]
    [InlineData(25, 7.0)]
    [InlineData(24, 1.0)]
    [InlineData(0, 0.0)]
    [InlineData(-48, 0.0)]
    public void Uploaded_WithSomeHoursLeft_HasPassedTheNarrowestThreshold(double hours, double? days) => AssertThreshold(90, null, hours, days);

    [Theory]
    [InlineData(90, 29 * 24, null)]
    [InlineData(90, 15 * 24, null)]
    [InlineData(90, 14 * 24, 14.0)]
    [InlineData(90, 24, 1.0)]
    [InlineData(45, 14 * 24, 14.0)]
    [InlineData(30, 9 * 24, null)]
    [InlineData(30, 7 * 24, 7.0)]
    [InlineData(6, 47, null)]
    [InlineData(6, 24, 1.0)]
    [InlineData(1, 7, null)]
    [InlineData(1, 4.1, null)]
    [InlineData(1, 4, 1.0 / 6)]
    [InlineData(1, -1, 0.0)]
    public void Managed_WithSomeHoursLeft_AlarmsOnlyWhenItsRenewalIsOverdue(double life, double hours, double? days) => AssertThreshold(life, "shop.example.com", hours, days);

    [Fact]
    public void Since_WhateverThresholdIsPassed_IsTheMomentOfTheFirst() =>
        Assert.Equal(End.AddDays(-30), CertificateExpiry.Of(Details(90, null), End.AddDays(-2))!.Since);

    private static void AssertThreshold(double life, string? managedFor, double hours, double? days)
    {
        var expiry = CertificateExpiry.Of(Details(life, managedFor), End.AddHours(-hours));
        Assert.Equal(days is { } some ? TimeSpan.FromDays(some) : null, expiry?.Threshold);
    }

    private static CertificateDetails Details(double life, string? managedFor) => new(["shop.example.com"], End.AddDays(-life), End, "") { ManagedFor = managedFor };
}
