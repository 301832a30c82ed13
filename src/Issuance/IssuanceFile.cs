using System.Net;
using System.Text.Json;
using System.Text.Json.Serialization;
using System.Text.RegularExpressions;
using Gatehouse.Dns;
using Gatehouse.Dns.Updates;
using Gatehouse.ServiceDefaults;

namespace Gatehouse.Issuance;

/// <summary>The settings file for names and certificates (JSON, comments allowed; docs/operations-guide). It may hold secrets, so it should be readable by its owner alone.</summary>
public static partial class IssuanceFile
{
    private const int MaxBudget = 1_000_000;

    private static readonly JsonSerializerOptions Json = new(JsonSerializerDefaults.Web)
    {
        ReadCommentHandling = JsonCommentHandling.Skip,
        AllowTrailingCommas = true,
        UnmappedMemberHandling = JsonUnmappedMemberHandling.Disallow,
        RespectNullableAnnotations = true,
        RespectRequiredConstructorParameters = true,
    };

    /// <summary>Reads a file.</summary>
    /// <param name="path">Where it lies; relative paths inside are relative to it.</param>
    /// <param name="defaults">What holds where the file is silent.</param>
    /// <exception cref="InvalidOperationException">It cannot be read or says something wrong; the message says what to change.</exception>
    public static IssuanceOptions Read(string path, IssuanceOptions defaults)
    {
        ArgumentNullException.ThrowIfNull(defaults);
        FileShape shape;
        try
        {
            shape = JsonSerializer.Deserialize<FileShape>(File.ReadAllText(path), Json) ?? new FileShape();
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException)
        {
            throw new InvalidOperationException($"{path} cannot be read: {failure.Message}", failure);
        }
        catch (JsonException failure)
        {
            // The parser's own words name the place, never the value there.
            throw new InvalidOperationException($"{path} is not a settings file for names and certificates: at {failure.Path ?? "$"}, line {(failure.LineNumber ?? 0) + 1}.", failure);
        }
        try
        {
            return Convert(shape, defaults, Path.GetDirectoryName(Path.GetFullPath(path))!);
        }
        catch (FormatException failure)
        {
            throw new InvalidOperationException($"{path}: {failure.Message}", failure);
        }
    }

    private static IssuanceOptions Convert(FileShape shape, IssuanceOptions defaults, string directory) => defaults with
    {
        Resolvers = shape.Resolvers?.Select(ServerOf).ToList() ?? defaults.Resolvers,
        EdgeAddresses = shape.Edge?.Addresses?.Select(AddressOf).ToList() ?? defaults.EdgeAddresses,
        EdgeName = NameOf("edge.name", shape.Edge?.Name) ?? defaults.EdgeName,
        TenantEdgeZone = NameOf("edge.tenantZone", shape.Edge?.TenantZone) ?? defaults.TenantEdgeZone,
        HttpPort = shape.Edge?.HttpPort is { } port ? port is > 0 and < 65536 ? port : throw new FormatException("edge.httpPort is a port.") : defaults.HttpPort,
        SelfCheck = shape.SelfCheck ?? defaults.SelfCheck,
        ChallengeZone = shape.ChallengeZone is { } zone ? ZoneOf(zone) : defaults.ChallengeZone,
        BaseZone = shape.BaseZone is { } own ? ZoneOf(own) : defaults.BaseZone,
        Authorities = shape.Authorities is { } authorities ? AuthoritiesOf(authorities, directory) : defaults.Authorities,
        Recheck = DurationOf("recheck", shape.Recheck) ?? defaults.Recheck,
        Grace = DurationOf("grace", shape.Grace) ?? defaults.Grace,
        RenewalCheck = DurationOf("renewalCheck", shape.RenewalCheck) ?? defaults.RenewalCheck,
        FirstRetry = DurationOf("firstRetry", shape.FirstRetry) ?? defaults.FirstRetry,
        Budget = shape.Budget is { } budget ? BudgetOf(budget, defaults.Budget) : defaults.Budget,
        UploadedMargin = DurationOf("uploadedMargin", shape.UploadedMargin) ?? defaults.UploadedMargin,
    };

    private static List<AuthorityOptions> AuthoritiesOf(IReadOnlyList<AuthorityShape> shapes, string directory)
    {
        if (shapes.Select(shape => shape.Name).Distinct(StringComparer.Ordinal).Count() < shapes.Count)
            throw new FormatException("authorities have names of their own.");
        return [.. shapes.Select(shape => AuthorityOf(shape, directory))];
    }

    private static AuthorityOptions AuthorityOf(AuthorityShape shape, string directory)
    {
        if (!LabelPattern().IsMatch(shape.Name))
            throw new FormatException($"the name of an authority is a DNS label such as letsencrypt, not '{shape.Name}'.");
        if (!Uri.TryCreate(shape.Directory, UriKind.Absolute, out var url) || (url.Scheme != Uri.UriSchemeHttps && !(url.Scheme == Uri.UriSchemeHttp && url.IsLoopback)))
            throw new FormatException($"the directory of authority '{shape.Name}' is an https URL.");
        var roots = shape.Roots is null ? null : Path.Combine(directory, shape.Roots);
        if (roots is not null && !File.Exists(roots))
            throw new FormatException($"the roots of authority '{shape.Name}' are no file: {roots}.");
        return new AuthorityOptions
        {
            Name = shape.Name,
            Directory = url,
            RootsFile = roots,
            Contacts = shape.Contacts ?? [],
            ExternalAccountKeyId = shape.ExternalAccount?.KeyId,
            ExternalAccountKey = Secret.OfNullable(shape.ExternalAccount?.Key),
            PreferredRoot = shape.PreferredRoot,
        };
    }

    private static OrderBudgetOptions BudgetOf(BudgetShape shape, OrderBudgetOptions defaults)
    {
        var budget = new OrderBudgetOptions
        {
            OrdersPerTenantPerHour = shape.OrdersPerTenantPerHour ?? defaults.OrdersPerTenantPerHour,
            OrdersPerHour = shape.OrdersPerHour ?? defaults.OrdersPerHour,
        };
        return budget is { OrdersPerTenantPerHour: >= 1 and <= MaxBudget, OrdersPerHour: >= 1 and <= MaxBudget }
            ? budget
            : throw new FormatException($"budget.ordersPerTenantPerHour and budget.ordersPerHour are numbers from 1 to {MaxBudget}.");
    }

    private static ChallengeZone ZoneOf(ZoneShape shape)
    {
        try
        {
            TsigKey.Parse(shape.Key);
        }
        catch (FormatException)
        {
            throw new FormatException($"the key of zone '{shape.Zone}' is a TSIG key name:hmac-sha256:base64.");
        }
        return new ChallengeZone(NameOf("zone", shape.Zone)!, ServerOf(shape.Server), new Secret(shape.Key));
    }

    private static DnsServer ServerOf(string text) => DnsServer.TryParse(text, out var server) ? server : throw new FormatException($"'{text}' is not a DNS server such as 9.9.9.9 or 127.0.0.1:5353.");

    private static IPAddress AddressOf(string text) => IPAddress.TryParse(text, out var address) ? address : throw new FormatException($"'{text}' is not an IP address.");

    private static string? NameOf(string field, string? text) =>
        text is null ? null : DnsName.TryParse(text, out var name) ? name.Text : throw new FormatException($"{field} is a DNS name, not '{text}'.");

    private static TimeSpan? DurationOf(string field, string? text)
    {
        if (text is null)
            return null;
        var match = DurationPattern().Match(text);
        if (!match.Success)
            throw new FormatException($"{field} is a duration such as 30s, 5m, 12h or 7d, not '{text}'.");
        var number = int.Parse(match.Groups[1].ValueSpan, System.Globalization.CultureInfo.InvariantCulture);
        return match.Groups[2].Value switch
        {
            "s" => TimeSpan.FromSeconds(number),
            "m" => TimeSpan.FromMinutes(number),
            "h" => TimeSpan.FromHours(number),
            _ => TimeSpan.FromDays(number),
        };
    }

    [GeneratedRegex(@"\A([0-9]{1,6})([smhd])\z")]
    private static partial Regex DurationPattern();

    [GeneratedRegex(@"\A[a-z0-9]([-a-z0-9]{0,61}[a-z0-9])?\z")]
    private static partial Regex LabelPattern();

    private sealed record FileShape
    {
        public IReadOnlyList<string>? Resolvers { get; init; }

        public EdgeShape? Edge { get; init; }

        public IReadOnlyList<AuthorityShape>? Authorities { get; init; }

        public ZoneShape? ChallengeZone { get; init; }

        public ZoneShape? BaseZone { get; init; }

        public bool? SelfCheck { get; init; }

        public string? Recheck { get; init; }

        public string? Grace { get; init; }

        public string? RenewalCheck { get; init; }

        public string? FirstRetry { get; init; }

        public string? UploadedMargin { get; init; }

        public BudgetShape? Budget { get; init; }
    }

    private sealed record BudgetShape(int? OrdersPerTenantPerHour = null, int? OrdersPerHour = null);

    private sealed record EdgeShape(IReadOnlyList<string>? Addresses = null, string? Name = null, string? TenantZone = null, int? HttpPort = null);

    private sealed record AuthorityShape(string Name, string Directory, string? Roots = null, IReadOnlyList<string>? Contacts = null, ExternalAccountShape? ExternalAccount = null, string? PreferredRoot = null);

    private sealed record ExternalAccountShape(string KeyId, string Key);

    private sealed record ZoneShape(string Zone, string Server, string Key);
}
