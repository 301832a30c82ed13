using System.Globalization;
using Gatehouse.Contracts.Api;

namespace Gatehouse.Issuance.Reading;

/// <summary>Says of a certificate that it is not revoked yet.</summary>
internal static class RevocationProblem
{
    /// <summary>What is told.</summary>
    /// <param name="failures">Failures so far.</param>
    /// <param name="problem">The last one; null: nobody was asked yet.</param>
    /// <param name="due">When an authority is asked next.</param>
    public static HostnameProblem Of(int failures, string? problem, DateTimeOffset due) => failures == 0
        ? new HostnameProblem("RevocationPending", "Nobody", "The certificate before is about to be revoked.", "Nothing: it is done within seconds.")
        : new HostnameProblem(
            "RevocationPending", "CertificateAuthority", $"The certificate before is not revoked yet: no certificate authority did it ({problem}).",
            string.Create(CultureInfo.InvariantCulture, $"Nothing: it is tried again at {due.UtcDateTime:yyyy-MM-dd HH:mm} UTC, until the certificate is over."));
}
