using System.Security.Cryptography.X509Certificates;
using Gatehouse.Acme;

namespace Gatehouse.Issuance.Certificates;

/// <summary>When a certificate is renewed: at the moment that the authority wishes (RFC 9773), else when a third of its life is left.</summary>
/// <param name="At">When.</param>
/// <param name="Because">RenewalInfo or Lifetime.</param>
internal sealed record RenewalPlan(DateTimeOffset At, string Because)
{
    public const string RenewalInfo = "RenewalInfo";
    public const string Lifetime = "Lifetime";

    /// <summary>Somebody asked for it.</summary>
    public const string Asked = "Asked";

    /// <summary>End of a certificate's validity.</summary>
    public static DateTimeOffset EndOf(X509Certificate2 certificate) => new(certificate.NotAfter.ToUniversalTime(), TimeSpan.Zero);

    /// <summary>The plan, drawn anew only where the one before does not fit any more: a moment that was drawn once stays, over restarts too.</summary>
    /// <param name="certificate">The certificate.</param>
    /// <param name="wish">What the authority says; null: nothing.</param>
    /// <param name="before">The plan so far.</param>
    /// <param name="now">Now.</param>
    /// <param name="random">0 to 1.</param>
    public static RenewalPlan Of(X509Certificate2 certificate, RenewalInfo? wish, RenewalPlan? before, DateTimeOffset now, Func<double> random)
    {
        var begin = new DateTimeOffset(certificate.NotBefore.ToUniversalTime(), TimeSpan.Zero);
        var end = EndOf(certificate);
        var life = end - begin;
        // Whatever the authority says: a certificate is not left to run out.
        var latest = end - life / 20;
        if (before is { Because: Asked })
            return before;
        if (wish is not null && wish.Start < wish.End)
        {
            var at = before is { Because: RenewalInfo } && before.At >= wish.Start && before.At <= wish.End ? before.At : wish.Start + (wish.End - wish.Start) * random();
            return new RenewalPlan(at < latest ? at : latest, RenewalInfo);
        }
        var usual = end - life / 3;
        if (before is { Because: Lifetime } && before.At <= latest && before.At >= usual - life / 20)
            return before;
        // Names that were issued together are not renewed together.
        var drawn = usual - life / 20 * random();
        return new RenewalPlan(drawn < now && usual > now ? usual : drawn, Lifetime);
    }
}
