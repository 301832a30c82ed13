using Gatehouse.Gateway.Resources;
using Gatehouse.Gateway.Validation.Reading;

namespace Gatehouse.Gateway.Validation.Kinds;

/// <summary>Hostname, our kind; the claimed name itself is the object's name (<see cref="ObjectNames.NormalizeHostname"/>).</summary>
internal static class Hostnames
{
    private const string Dns01 = "Dns01";

    /// <summary>A year: what browsers' preload list asks for (https://hstspreload.org/#deployment-recommendations).</summary>
    private const int MinPreloadAge = 31_536_000;

    private static readonly Count OneTo16 = new(1, 16);
    private static readonly TextChoice Sources = new("Managed", "Uploaded");
    private static readonly TextChoice KeyTypes = new("EcdsaP256", "EcdsaP384", "Rsa2048", "Rsa3072", "Rsa4096");
    private static readonly TextChoice Challenges = new("Http01", "TlsAlpn01", Dns01);
    private static readonly TextChoice TlsVersions = new("1.2", "1.3");

    public static HostnameSpec Read(ObjectReader spec)
    {
        var gateways = spec.List("gateways", OneTo16, gateway => new GatewayReference
        {
            Namespace = gateway.Text("namespace", Formats.Namespace),
            Name = gateway.RequiredText("name", NameFormat.Subdomain),
        });
        spec.RequireUnique("gateways", gateways, gateway => gateway.Name.Length > 0 ? gateway : null, "This Gateway is in the list already; remove the repetition.");
        return new HostnameSpec
        {
            Gateways = gateways,
            Certificate = spec.Object("certificate", ReadCertificate),
            Tls = spec.Object("tls", ReadTls),
            HttpsRedirect = spec.Flag("httpsRedirect"),
            Hsts = spec.Object("hsts", ReadHsts),
        };
    }

    /// <summary>What does not go with the name: authorities validate wildcard names by DNS alone (https://letsencrypt.org/docs/challenge-types/).</summary>
    public static IEnumerable<ValidationError> CheckName(string name, HostnameSpec spec)
    {
        if (name.StartsWith("*.", StringComparison.Ordinal) && spec.Certificate?.Challenge is { } challenge && challenge != Dns01)
            yield return new("/certificate/challenge", ErrorCodes.Conflict, $"A wildcard name is proven to certificate authorities by DNS alone: write {Dns01}, or leave the field out; {challenge} proves single names.");
    }

    private static HostnameCertificate ReadCertificate(ObjectReader certificate) => new()
    {
        Source = certificate.Text("source", Sources),
        Issuer = certificate.Text("issuer", NameFormat.Label),
        KeyType = certificate.Text("keyType", KeyTypes),
        Challenge = certificate.Text("challenge", Challenges),
    };

    private static HostnameTls ReadTls(ObjectReader tls) => new()
    {
        MinimumVersion = tls.Text("minimumVersion", TlsVersions),
        ClientValidation = tls.Object("clientValidation", GatewayTls.ReadValidation),
    };

    private static HostnameHsts ReadHsts(ObjectReader hsts)
    {
        var value = new HostnameHsts
        {
            MaxAge = hsts.RequiredInteger("maxAge", 0, int.MaxValue),
            IncludeSubDomains = hsts.Flag("includeSubDomains"),
            Preload = hsts.Flag("preload"),
        };
        if (value.Preload != true)
            return value;
        if (value.IncludeSubDomains != true)
            hsts.Report(ErrorCodes.Conflict, "Set 'includeSubDomains' to true, or remove 'preload': browsers build in names with all that is below them.", "includeSubDomains");
        if (value.MaxAge < MinPreloadAge && hsts.IsSet("maxAge"))
            hsts.Report(ErrorCodes.Conflict, $"Write at least {MinPreloadAge} seconds (a year), or remove 'preload': browsers build in no name with less.", "maxAge");
        return value;
    }
}
