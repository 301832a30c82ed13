using System.Globalization;

namespace Gatehouse.Control.Status;

/// <summary>Issued: the certificate and its private key are there, and it is valid at this moment.</summary>
internal static class IssuedRule
{
    public static Verdict Of(ObjectView view, DateTimeOffset now)
    {
        if (view.Compiled.Certificate is not { } certificate)
            return Verdict.False("Invalid", view.Find(ConditionType.Accepted)?.Message ?? "It cannot be read.", final: true);
        if (view.KeyFault is { } fault)
            return Verdict.False("PrivateKeyUnreadable", fault, final: true);
        if (now > certificate.NotAfter)
            return Verdict.False("Expired", $"It expired at {Show(certificate.NotAfter)}: upload a newer one.", final: true);
        return now < certificate.NotBefore
            ? Verdict.False("NotYetValid", $"It is valid from {Show(certificate.NotBefore)} on; until then clients refuse it.")
            : Verdict.True("Uploaded", $"It is valid until {Show(certificate.NotAfter)}.");
    }

    private static string Show(DateTimeOffset time) => time.UtcDateTime.ToString("yyyy-MM-dd HH:mm 'UTC'", CultureInfo.InvariantCulture);
}
