using Gatehouse.Api.Audit;
using Gatehouse.Api.Auth;
using Gatehouse.Api.Authorities;
using Gatehouse.Api.Certificates;
using Gatehouse.Api.Clusters;
using Gatehouse.Api.DataPlanes;
using Gatehouse.Api.Explain;
using Gatehouse.Api.Export;
using Gatehouse.Api.Hostnames;
using Gatehouse.Api.Import;
using Gatehouse.Api.Members;
using Gatehouse.Api.Resources;
using Gatehouse.Api.Revisions;
using Gatehouse.Api.Tenants;
using Gatehouse.Api.Tokens;
using Gatehouse.Api.Users;
using Gatehouse.Contracts.Api;
using Gatehouse.Gateway.Resources;

namespace Gatehouse.Api;

/// <summary>The whole REST surface.</summary>
internal static class ApiEndpoints
{
    public const string Base = "/api/v1";

    public static void MapApi(this IEndpointRouteBuilder endpoints)
    {
        var api = endpoints.MapGroup(Base);
        api.MapTenants();
        ResourceEndpoints<GatewayClassSpec>.Map(api, ResourceType.GatewayClass);
        api.MapClusters();

        api.MapUsers();
        api.MapDataPlanes();
        api.MapImport();
        api.MapKeyEncryptionKeys();
        api.MapAuthorities();
        api.MapExport();

        var tenant = api.MapGroup("/tenants/{tenant}");
        tenant.MapHostnames();
        tenant.MapTokens();
        tenant.MapMembers();
        tenant.MapAudit();
        tenant.MapRevisions();
        tenant.MapExplain();
        tenant.MapProbe();
        tenant.MapTenantImport();
        tenant.MapTenantExport();
        ResourceEndpoints<BackendSpec>.Map(tenant, ResourceType.Backend);
        ResourceEndpoints<HttpRouteSpec>.Map(tenant, ResourceType.HttpRoute);
        ResourceEndpoints<GrpcRouteSpec>.Map(tenant, ResourceType.GrpcRoute);
        ResourceEndpoints<TlsRouteSpec>.Map(tenant, ResourceType.TlsRoute);
        ResourceEndpoints<TcpRouteSpec>.Map(tenant, ResourceType.TcpRoute);
        ResourceEndpoints<UdpRouteSpec>.Map(tenant, ResourceType.UdpRoute);
        ResourceEndpoints<BackendTlsPolicySpec>.Map(tenant, ResourceType.BackendTlsPolicy);
        ResourceEndpoints<CertificateSpec>.Map(tenant, ResourceType.Certificate, typeof(ApiObject<CertificateInput>));
        ResourceEndpoints<ConfigMapSpec>.Map(tenant, ResourceType.ConfigMap);
        ResourceEndpoints<ServiceSpec>.MapReadOnly(tenant, ResourceType.Service);
        ResourceEndpoints<GatewaySpec>.Map(tenant, ResourceType.Gateway);
        ResourceEndpoints<ListenerSetSpec>.Map(tenant, ResourceType.ListenerSet);
        ResourceEndpoints<ReferenceGrantSpec>.Map(tenant, ResourceType.ReferenceGrant);

        endpoints.MapAuth();
    }
}
