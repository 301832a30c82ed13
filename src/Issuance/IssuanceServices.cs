using Gatehouse.Dns;
using Gatehouse.Issuance.Authorities;
using Gatehouse.Issuance.Certificates;
using Gatehouse.Issuance.Expiry;
using Gatehouse.Issuance.Ownership;
using Gatehouse.Issuance.Reading;
using Gatehouse.Issuance.Revoking;
using Microsoft.Extensions.DependencyInjection;

namespace Gatehouse.Issuance;

/// <summary>Registers what proves names and has certificates issued. It wants the compile host and the tenants' transactions of the same host.</summary>
public static class IssuanceServices
{
    /// <summary>Adds all of it; the loops start with the application.</summary>
    /// <param name="services">Services.</param>
    /// <param name="options">Settings.</param>
    /// <param name="compilerDatabase">Connection string of the login <c>gatehouse_compiler</c>.</param>
    public static IServiceCollection AddIssuance(this IServiceCollection services, IssuanceOptions options, string compilerDatabase)
    {
        ArgumentNullException.ThrowIfNull(options);
        var resolvers = options.Resolvers.Count > 0 ? options.Resolvers : SystemResolvers.Read();
        services.AddSingleton(options);
        services.AddSingleton<IssuanceSignal>();
        services.AddSingleton(_ => new IssuanceDatabase(compilerDatabase));
        services.AddSingleton(new Expectations(options));
        services.AddSingleton(new BaseNames(options));
        services.AddSingleton(provider => new DnsClient(new DnsClientOptions { Time = provider.GetRequiredService<TimeProvider>() }));
        services.AddSingleton(provider => new HostnameInspector(new HostnameInspectorOptions { Resolvers = resolvers }));
        services.AddSingleton<HostnameChecks>();
        services.AddSingleton<HostnameChecker>();
        services.AddSingleton(provider => new HostnameActions(provider.GetRequiredService<HostnameChecks>(), provider.GetRequiredService<HostnameChecker>()));
        services.AddSingleton(provider => new HostnameDetails(options, provider.GetRequiredService<Expectations>()));
        services.AddSingleton<AccountBook>();
        services.AddSingleton<AccountKeyBook>();
        services.AddSingleton<AccountKeys>();
        services.AddSingleton<AuthorityClients>();
        services.AddSingleton(provider => new AuthorityAccounts(options, provider.GetRequiredService<AccountBook>(), provider.GetRequiredService<AuthorityClients>()));
        services.AddSingleton<RevocationBook>();
        services.AddSingleton<OrderBudget>();
        services.AddSingleton<IssuanceBook>();
        services.AddSingleton<ManagedCertificates>();
        services.AddSingleton<ChallengeAnswers>();
        services.AddSingleton<ChallengeRecords>();
        services.AddSingleton<Preflight>();
        services.AddSingleton(provider => new SelfCheck(options, provider.GetRequiredService<DnsClient>(), resolvers));
        services.AddSingleton<OrderRun>();
        services.AddSingleton<CertificateWork>();
        services.AddMetrics();
        services.AddSingleton<ExpiryMetrics>();
        services.AddSingleton<ExpiryEvents>();
        services.AddHostedService<HostnameWatch>();
        services.AddHostedService<CertificateWatch>();
        services.AddHostedService<RevocationWatch>();
        services.AddHostedService<ExpiryWatch>();
        return services;
    }
}
