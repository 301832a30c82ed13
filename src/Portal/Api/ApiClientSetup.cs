using Gatehouse.Portal.Sessions;

namespace Gatehouse.Portal.Api;

/// <summary>Registers the API client: pooled connections, one client for each request or circuit, because it speaks as its user.</summary>
internal static class ApiClientSetup
{
    private const string Client = "gatehouse-api";
    private static readonly TimeSpan Timeout = TimeSpan.FromSeconds(10);

    public static void AddApiClient(this IServiceCollection services, PortalHostOptions options)
    {
        services.AddHttpClient(Client, http =>
            {
                http.BaseAddress = new Uri(options.ApiUrl.TrimEnd('/') + "/");
                http.Timeout = Timeout;
            })
            .ConfigurePrimaryHttpMessageHandler(() => new SocketsHttpHandler { AllowAutoRedirect = false, UseCookies = false, UseProxy = false });
        services.AddScoped(scope => new GatehouseApiClient(
            scope.GetRequiredService<IHttpClientFactory>().CreateClient(Client), scope.GetRequiredService<ApiSession>()));
    }
}
