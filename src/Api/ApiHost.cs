using Gatehouse.ServiceDefaults;
using Gatehouse.ServiceDefaults.Health;

namespace Gatehouse.Api;

/// <summary>The API host: REST, identity, OpenAPI and the config feed.</summary>
public static class ApiHost
{
    /// <summary>Builds the host; the caller starts and stops it.</summary>
    /// <param name="options">Settings.</param>
    public static WebApplication Build(ApiHostOptions options)
    {
        var builder = WebApplication.CreateSlimBuilder(new WebApplicationOptions { ApplicationName = typeof(ApiHost).Assembly.GetName().Name });
        builder.AddHostDefaults("gatehouse-api");
        builder.WebHost.UseUrls(options.Url);
        builder.Services.AddSingleton(options.Clock);

        var app = builder.Build();
        app.MapHealth();
        return app;
    }
}
