using Gatehouse.Gateway.Resources;
using Gatehouse.Gateway.Validation.Reading;

namespace Gatehouse.Gateway.Validation.Kinds;

/// <summary>Session persistence (https://gateway-api.sigs.k8s.io/reference/spec/#sessionpersistence, GEP-1619).</summary>
internal static class SessionPersistenceRules
{
    private const string Cookie = "Cookie";
    private const string Permanent = "Permanent";
    private static readonly TextChoice Types = new(Cookie, "Header");
    private static readonly TextChoice Lifetimes = new(Permanent, "Session");
    private static readonly TextFormat SessionName = new(0, 128);

    public static SessionPersistence Read(ObjectReader reader)
    {
        var session = new SessionPersistence
        {
            SessionName = reader.Text("sessionName", SessionName),
            AbsoluteTimeout = reader.Text("absoluteTimeout", Formats.Duration),
            Type = reader.Text("type", Types),
            CookieConfig = reader.Object("cookieConfig", cookie => new CookieConfig { LifetimeType = cookie.Text("lifetimeType", Lifetimes) }),
        };
        // "AbsoluteTimeout must be specified when cookie lifetimeType is Permanent".
        if (session.CookieConfig?.LifetimeType == Permanent && !reader.IsSet("absoluteTimeout"))
            reader.Report(ErrorCodes.Required, "A permanent cookie needs 'absoluteTimeout'.", "absoluteTimeout");
        // "cookieConfig can only be set with type Cookie".
        if (session.CookieConfig is not null && session.Type is not null and not Cookie && Types.Contains(session.Type))
            reader.Report(ErrorCodes.NotAllowed, $"Remove 'cookieConfig', or set 'type' to Cookie: it is {session.Type}.", "cookieConfig");
        return session;
    }
}
