using System.Globalization;
using System.Net;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Yarp.ReverseProxy.Configuration;

namespace Gatehouse.Benchmarks.Proxies;

/// <summary>YARP as its documentation shows it, with one route: what our own layers cost is the difference.</summary>
internal static class PlainYarpPeer
{
    public static int Run(string[] args)
    {
        var (port, backend) = (int.Parse(args[0], CultureInfo.InvariantCulture), args[1]);
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.ConfigureKestrel(kestrel => kestrel.Listen(IPAddress.Loopback, port));
        if (args[2] == "inline")
            builder.WebHost.UseSockets(sockets => sockets.UnsafePreferInlineScheduling = true);
        builder.Services.AddReverseProxy().LoadFromMemory(
            [new RouteConfig { RouteId = "all", ClusterId = "web", Match = new RouteMatch { Path = "/{**any}" } }],
            [new ClusterConfig { ClusterId = "web", Destinations = new Dictionary<string, DestinationConfig> { ["one"] = new() { Address = $"http://127.0.0.1:{backend}/" } } }]);
        var app = builder.Build();
        app.MapReverseProxy();
        app.Run();
        return 0;
    }
}
