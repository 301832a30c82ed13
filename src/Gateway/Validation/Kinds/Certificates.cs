using Gatehouse.Gateway.Resources;
using Gatehouse.Gateway.Validation.Reading;

namespace Gatehouse.Gateway.Validation.Kinds;

/// <summary>The public part of a Certificate, our kind. Text that is no certificate can be stored (<see cref="PemText"/> says who asks for more).</summary>
internal static class Certificates
{
    private static readonly TextFormat ManagedForFormat = new(1, 253);

    public static CertificateSpec Read(ObjectReader spec) => new()
    {
        Certificate = spec.RequiredText("certificate", PemText.Format),
        ManagedFor = spec.Text("managedFor", ManagedForFormat),
    };
}
