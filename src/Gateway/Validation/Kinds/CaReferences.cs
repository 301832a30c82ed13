using Gatehouse.Gateway.Resources;
using Gatehouse.Gateway.Validation.Reading;

namespace Gatehouse.Gateway.Validation.Kinds;

/// <summary>Where the authorities of backends come from (https://gateway-api.sigs.k8s.io/reference/spec/#backendtlspolicyvalidation).</summary>
internal static class CaReferences
{
    private const string Named = "caCertificateRefs";
    private const string WellKnown = "wellKnownCACertificates";

    public static IReadOnlyList<LocalObjectReference>? Read(ObjectReader parent) => parent.List(Named, Count.AtMost(8), References.Local);

    /// <summary>"must not contain both CACertificateRefs and WellKnownCACertificates".</summary>
    public static void RefuseBoth(ObjectReader parent, IReadOnlyList<LocalObjectReference>? named)
    {
        if (named is { Count: > 0 } && parent.IsSet(WellKnown))
            parent.Report(ErrorCodes.Conflict, $"'{Named}' and '{WellKnown}' exclude each other: remove one.", WellKnown);
    }

    /// <summary>"must specify either CACertificateRefs or WellKnownCACertificates".</summary>
    public static void RequireOne(ObjectReader parent, IReadOnlyList<LocalObjectReference>? named)
    {
        var namedIsWrong = named is null && parent.IsSet(Named);
        if (!namedIsWrong && named is not { Count: > 0 } && !parent.IsSet(WellKnown))
            parent.Report(ErrorCodes.Required, $"Say who may have signed the certificate: '{Named}', or '{WellKnown}' System.", Named);
    }
}
