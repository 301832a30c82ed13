using System.Text.Json;
using System.Text.Json.Serialization;
using Gatehouse.Api.Access;
using Gatehouse.Api.Auth;
using Gatehouse.Api.Backends;
using Gatehouse.Api.Bootstrap;
using Gatehouse.Api.Certificates;
using Gatehouse.Api.Clusters;
using Gatehouse.Api.ConfigMaps;
using Gatehouse.Api.Database;
using Gatehouse.Api.Export;
using Gatehouse.Api.Gateways;
using Gatehouse.Api.Hostnames;
using Gatehouse.Api.Idempotency;
using Gatehouse.Api.Import;
using Gatehouse.Api.Limits;
using Gatehouse.Api.Members;
using Gatehouse.Api.Resources;
using Gatehouse.Api.Status;
using Gatehouse.Api.Tenants;
using Gatehouse.Api.Users;
using Gatehouse.Control;
using Gatehouse.Gateway.Compilation;
using Gatehouse.Issuance;
using Gatehouse.Persistence;
using Gatehouse.Persistence.Hostnames;
using Gatehouse.Persistence.Identity;
using Gatehouse.ServiceDefaults.Health;
using Microsoft.AspNetCore.Identity;

namespace Gatehouse.Api;

/// <summary>Registers what the API's endpoints use.</summary>
internal static class ApiServices
{
    public static void AddApi(this IServiceCollection services, ApiHostOptions options)
    {
        services.AddSingleton(options);
        services.AddSingleton(options.Clock);
        services.AddPersistence(DatabaseConnection.ForRequests(options.Database), new HostnameOptions
        {
            VerificationRequired = options.HostnameVerification,
            BaseDomain = options.BaseDomain,
            Quarantine = options.Quarantine,
        });
        services.AddControl(new ControlOptions
        {
            CompilerDatabase = DatabaseConnection.ForCompiler(options.CompilerDatabase),
            Compiler = new CompilerOptions { HostnameVerification = options.HostnameVerification },
            Keys = options.Keys,
            Quarantine = options.Quarantine,
            DataPlaneCredentials = options.DataPlaneCredentials.ToDictionary(static pair => pair.Key, static pair => pair.Value.Reveal()),
        });
        services.AddIssuance(options.Issuance with { BaseDomain = options.BaseDomain }, DatabaseConnection.ForCompiler(options.CompilerDatabase));
        services.ConfigureHttpJsonOptions(static json => Configure(json.SerializerOptions));
        services.AddAccess();
        services.AddFirstStart();
        services.AddScoped<Writes.Writes>();
        services.AddScoped<IdempotentPosts>();
        services.AddScoped<ResourceWrites>();
        services.AddScoped<Referrers>();
        services.AddScoped<ObjectStatuses>();
        services.AddScoped<TenantWrites>();
        services.AddScoped<Importer>();
        services.AddScoped<Exporter>();
        services.AddScoped<MemberWrites>();
        services.AddScoped<UserWrites>();
        services.AddSingleton<IKindRules, HostnameRules>();
        services.AddSingleton<CertificateWrites>();
        services.AddScoped<TenantKeyRotation>();
        services.AddHostedService<KeyRotation>();
        services.AddSingleton<IKindRules, CertificateRules>();
        services.AddSingleton<IKindRules, BackendRules>();
        services.AddSingleton<IKindRules, GatewayClassRules>();
        services.AddSingleton<IKindRules, ConfigMapRules>();
        services.AddSingleton<ClusterWrites>();
        services.AddScoped<ClusterWorkers>();
        services.AddScoped<CredentialRotation>();
        services.AddSingleton<IKindRules, ClusterRules>();
        services.AddSingleton<IKindRules, ClusterNamespaceRules>();
    }

    /// <summary>How the API writes JSON: upstream's names, absent fields left out, numbers as numbers.</summary>
    public static void Configure(JsonSerializerOptions json)
    {
        json.NumberHandling = JsonNumberHandling.Strict;
        json.DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull;
        json.PropertyNameCaseInsensitive = false;
    }

    private static void AddAccess(this IServiceCollection services)
    {
        services.AddScoped<RequestAccess>();
        services.AddScoped<Authenticator>();
        services.AddScoped<SignIn>();
        services.AddSingleton<IPasswordHasher<User>, PasswordHasher<User>>();
        services.AddSingleton<DecoyPassword>();
        services.AddSingleton<RequestRates>();
    }

    private static void AddFirstStart(this IServiceCollection services)
    {
        services.AddScoped<FirstStart>();
        services.AddSingleton<AdminPasswordFile>();
        services.AddSingleton<FirstStartService>();
        services.AddHostedService(static provider => provider.GetRequiredService<FirstStartService>());
        services.AddHealthChecks()
            .AddCheck<DatabaseHealth>("database", tags: [HealthEndpoints.ReadyTag], timeout: TimeSpan.FromSeconds(2))
            .AddCheck<FirstStartService>("first-start", tags: [HealthEndpoints.ReadyTag])
            .AddCheck<CompileHealth>("compile", tags: [HealthEndpoints.ReadyTag]);
    }
}
