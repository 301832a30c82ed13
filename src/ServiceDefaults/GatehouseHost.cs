using Gatehouse.ServiceDefaults.Telemetry;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace Gatehouse.ServiceDefaults;

/// <summary>What every host of Gatehouse has in common: logs, telemetry, health checks, no Server header.</summary>
public static class GatehouseHost
{
    /// <summary>
    /// What a host is created with: it reads no settings file of the directory that it happens to be started in, and watches no files
    /// (a watch covers the whole tree below, and a machine allows few).
    /// </summary>
    /// <param name="host">A type of the host's assembly.</param>
    public static WebApplicationOptions OptionsOf(Type host)
    {
        ArgumentNullException.ThrowIfNull(host);
        return new WebApplicationOptions
        {
            ApplicationName = host.Assembly.GetName().Name,
            ContentRootPath = AppContext.BaseDirectory,
            Args = ["--hostBuilder:reloadConfigOnChange=false"],
        };
    }

    /// <summary>Adds the common parts.</summary>
    /// <param name="builder">Host that is being built.</param>
    /// <param name="service">Name in telemetry, such as <c>gatehouse-api</c>.</param>
    public static void AddHostDefaults(this WebApplicationBuilder builder, string service)
    {
        builder.Logging.ClearProviders();
        builder.Logging.AddSimpleConsole(static console =>
        {
            console.SingleLine = true;
            console.UseUtcTimestamp = true;
            console.TimestampFormat = "yyyy-MM-dd'T'HH:mm:ss.fff'Z' ";
        });
        if (string.Equals(builder.Configuration["GATEHOUSE_LOG_FORMAT"], "json", StringComparison.OrdinalIgnoreCase))
            builder.Logging.ClearProviders().AddJsonConsole(static console => console.UseUtcTimestamp = true);
        builder.Logging.AddFilter("Microsoft.AspNetCore", LogLevel.Warning);
        builder.Logging.AddFilter("Microsoft.EntityFrameworkCore", LogLevel.Error);
        builder.Logging.AddFilter("Npgsql", LogLevel.Error);
        builder.Logging.AddFilter("Microsoft.Hosting.Lifetime", LogLevel.Warning);
        // What is not ready says so in the answer to whoever asks.
        builder.Logging.AddFilter("Microsoft.Extensions.Diagnostics.HealthChecks", LogLevel.None);
        builder.WebHost.ConfigureKestrel(static kestrel => kestrel.AddServerHeader = false);
        builder.Services.AddHealthChecks();
        if (!string.IsNullOrEmpty(builder.Configuration["OTEL_EXPORTER_OTLP_ENDPOINT"]))
            builder.Services.AddHostedService(_ => new TelemetryService(service));
    }
}
