using System.Text.Json;
using Gatehouse.Acme.Transport;

namespace Gatehouse.Acme.Answers;

/// <summary>What an authority's answers say.</summary>
internal sealed class AnswerReader(UrlRules urls)
{
    private const int MaxNames = 100;
    private const int MaxChallenges = 20;
    private const int MaxProfiles = 50;

    public AcmeDirectory Directory(Answer answer)
    {
        using var document = JsonFields.Parse(answer.Body);
        var root = document.RootElement;
        var meta = root.Object("meta");
        return new AcmeDirectory(RequiredUrl(root, "newNonce"), RequiredUrl(root, "newAccount"), RequiredUrl(root, "newOrder"))
        {
            RevokeCertificate = Url(root, "revokeCert"),
            KeyChange = Url(root, "keyChange"),
            RenewalInfo = Url(root, "renewalInfo"),
            TermsOfService = Page(meta?.Text("termsOfService")),
            Website = Page(meta?.Text("website")),
            CaaIdentities = [.. (meta?.List("caaIdentities", MaxNames) ?? []).Select(name => name.AsText("caaIdentities"))],
            ExternalAccountRequired = meta?.Truth("externalAccountRequired") ?? false,
            Profiles = ProfilesOf(meta?.Object("profiles")),
        };
    }

    /// <summary>Whether an account can be used, that is: whether its status is <c>valid</c>.</summary>
    public static bool IsUsableAccount(Answer answer)
    {
        using var document = JsonFields.Parse(answer.Body);
        return document.RootElement.Text("status") is null or "valid";
    }

    public AcmeOrder Order(Answer answer, Uri url)
    {
        using var document = JsonFields.Parse(answer.Body);
        var root = document.RootElement;
        var status = Status<AcmeOrderStatus>(root);
        return new AcmeOrder(url, status)
        {
            Names = [.. root.List("identifiers", MaxNames).Select(identifier => NameOf(identifier, "identifiers"))],
            Authorizations = [.. root.List("authorizations", MaxNames).Select(authorization => urls.Check(authorization.AsText("authorizations"), "authorizations"))],
            Finalize = RequiredUrl(root, "finalize"),
            Certificate = Url(root, "certificate") ?? (status is AcmeOrderStatus.Valid ? throw JsonFields.Invalid("a valid order has no certificate") : null),
            Error = root.Object("error") is { } error ? ProblemReader.Read(error) : null,
            Expires = root.Time("expires"),
        };
    }

    public AcmeAuthorization Authorization(Answer answer)
    {
        using var document = JsonFields.Parse(answer.Body);
        var root = document.RootElement;
        var identifier = root.Object("identifier") ?? throw JsonFields.Invalid("it has no identifier");
        return new AcmeAuthorization(answer.Url, NameOf(identifier, "identifier"), root.Truth("wildcard"), Status<AcmeAuthorizationStatus>(root))
        {
            Challenges = [.. root.List("challenges", MaxChallenges).Where(HasToken).Select(Challenge)],
            Expires = root.Time("expires"),
        };
    }

    public AcmeChallenge Challenge(Answer answer)
    {
        using var document = JsonFields.Parse(answer.Body);
        return HasToken(document.RootElement) ? Challenge(document.RootElement) : throw JsonFields.Invalid("it has no token");
    }

    /// <summary>The renewal window; its check time comes from the answer's Retry-After.</summary>
    public static RenewalInfo RenewalInfo(Answer answer, DateTimeOffset checkAfter)
    {
        using var document = JsonFields.Parse(answer.Body);
        var window = document.RootElement.Object("suggestedWindow") ?? throw JsonFields.Invalid("it has no suggestedWindow");
        var start = window.Time("start") ?? throw JsonFields.Invalid("it has no start");
        var end = window.Time("end") ?? throw JsonFields.Invalid("it has no end");
        return start < end
            ? new RenewalInfo(start, end, Page(document.RootElement.Text("explanationURL")), checkAfter)
            : throw JsonFields.Invalid("its window ends before it starts");
    }

    private AcmeChallenge Challenge(JsonElement challenge) =>
        new(RequiredUrl(challenge, "url"), challenge.RequiredText("type"), challenge.RequiredText("token"), Status<AcmeChallengeStatus>(challenge))
        {
            Error = challenge.Object("error") is { } error ? ProblemReader.Read(error) : null,
        };

    // A token becomes a part of paths and file names, and must be hard to guess (RFC 8555 section 8.3).
    private static bool HasToken(JsonElement challenge) => challenge.ValueKind is JsonValueKind.Object
        && challenge.Field("token") is { ValueKind: JsonValueKind.String } token
        && token.AsText("token") is { Length: >= 22 and <= 256 } text
        && text.All(character => char.IsAsciiLetterOrDigit(character) || character is '-' or '_');

    private Uri RequiredUrl(JsonElement element, string name) => urls.Check(element.RequiredText(name), name);

    private Uri? Url(JsonElement element, string name) => element.Text(name) is { } text ? urls.Check(text, name) : null;

    private static Uri? Page(string? text) => Uri.TryCreate(text, UriKind.Absolute, out var page) && page.Scheme is "https" or "http" ? page : null;

    private static string NameOf(JsonElement identifier, string field) => identifier.ValueKind is JsonValueKind.Object
        && identifier.RequiredText("value") is { Length: > 0 and <= 255 } name
            ? name.ToLowerInvariant()
            : throw JsonFields.Invalid($"{field} holds no name");

    private static TStatus Status<TStatus>(JsonElement element) where TStatus : struct, Enum
    {
        var text = element.RequiredText("status");
        foreach (var status in Enum.GetValues<TStatus>())
        {
            if (string.Equals(status.ToString(), text, StringComparison.OrdinalIgnoreCase))
                return status;
        }
        throw JsonFields.Invalid("its status is not known");
    }

    private static Dictionary<string, string> ProfilesOf(JsonElement? profiles) => profiles is not { } element ? [] : element.EnumerateObject().Take(MaxProfiles)
        .Where(profile => profile.Value.ValueKind is JsonValueKind.String)
        .ToDictionary(profile => profile.Name, profile => profile.Value.AsText("profiles"), StringComparer.Ordinal);
}
