using System.Net;
using Gatehouse.Contracts.Api;
using Gatehouse.Dns;

namespace Gatehouse.Issuance.Ownership;

/// <summary>
/// Looks at what several resolvers say about a hostname: whether it is proven, whether it leads here, and what is wrong and who must
/// do what about it. Whatever they answer, it ends within its time. May be shared.
/// </summary>
public sealed class HostnameInspector
{
    private const int MaxResolvers = 8;

    private readonly HostnameInspectorOptions _options;
    private readonly DnsClient _client;

    /// <summary>Asks these resolvers.</summary>
    /// <exception cref="ArgumentException">There are none.</exception>
    public HostnameInspector(HostnameInspectorOptions options)
    {
        if (options.Resolvers.Count == 0)
            throw new ArgumentException("At least one resolver must be configured.", nameof(options));
        _options = options;
        _client = new DnsClient(options.Client);
    }

    /// <summary>Looks once.</summary>
    /// <param name="expected">What DNS should say; names in canonical form (<see cref="DnsName"/>).</param>
    /// <param name="cancellationToken">Ends it without a result.</param>
    /// <exception cref="FormatException">The hostname is not one.</exception>
    public async Task<HostnameInspection> InspectAsync(HostnameExpectation expected, CancellationToken cancellationToken)
    {
        if (DnsName.Parse(expected.Base).Text != expected.Base)
            throw new FormatException("The hostname is not in its canonical form.");
        using var patience = new CancellationTokenSource(_options.Timeout, _options.Client.Time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, patience.Token);
        var survey = new Survey(_client, expected, either.Token, cancellationToken);
        DnsServer[] resolvers = [.. _options.Resolvers.Distinct().Take(MaxResolvers)];
        var edge = EdgeAsync(survey, resolvers);
        var asked = Task.WhenAll(resolvers.Select(survey.ViewAsync));
        await Task.WhenAll(edge, asked);
        var views = await asked;
        var traffic = new TrafficView(expected, await edge, views);
        var tally = OwnershipTally.Of(expected, views);
        return new HostnameInspection
        {
            Proof = tally.Proof,
            Definite = tally.IsDefinite,
            PointsHere = traffic.PointsHere,
            Required = [.. Records.Required(expected, views, tally, traffic)],
            Observed = [.. Records.Observed(views)],
            Problems = await ProblemsAsync(survey, views, tally, traffic),
        };
    }

    private static async Task<IReadOnlyList<HostnameProblem>> ProblemsAsync(Survey survey, ResolverView[] views, OwnershipTally tally, TrafficView traffic)
    {
        var servers = new ServerFindings(survey, views);
        if (servers.MissingZone() is { } missing)
            return [missing, .. servers.Resolvers()];
        var failure = servers.FailureAsync();
        var ownership = new OwnershipFindings(survey, views, tally).FindAsync();
        return
        [
            .. (await Task.WhenAll(failure, ownership)).OfType<HostnameProblem>(),
            .. new TrafficFindings(survey.Expected, views, traffic).Find(),
            .. new CertificateFindings(survey.Expected, views).Find(),
            .. servers.Resolvers(),
        ];
    }

    // Where our addresses are not configured, they are what our name leads to.
    private static async Task<IReadOnlySet<IPAddress>> EdgeAsync(Survey survey, DnsServer[] resolvers)
    {
        if (survey.Expected.EdgeAddresses.Count > 0 || survey.Expected.EdgeName is not { } name)
            return survey.Expected.EdgeAddresses.ToHashSet();
        var answers = await Task.WhenAll(resolvers.SelectMany(resolver =>
            (Task<DnsAnswer>[])[survey.AskAsync(resolver, name, DnsRecordType.A), survey.AskAsync(resolver, name, DnsRecordType.AAAA)]));
        return answers.SelectMany(static answer => answer.Addresses).Take(32).ToHashSet();
    }
}
