using System.CommandLine;
using Gatehouse.Standalone.Echo;
using Gatehouse.Standalone.Instance;
using Gatehouse.Standalone.Options;
using Gatehouse.Standalone.Up;

namespace Gatehouse.Standalone.Demo;

/// <summary>`./gatehouse demo`: fills a running instance with an example and runs its backends until Ctrl-C.</summary>
internal static class DemoCommand
{
    public static Command Create()
    {
        var dataDirectory = new Option<string>("--data-dir")
        {
            Description = "Data directory of the running instance [GATEHOUSE_DATA_DIR]",
            DefaultValueFactory = _ => Environment.GetEnvironmentVariable(UpCommand.VariableOf("--data-dir")) is { Length: > 0 } given ? given : ".gatehouse",
        };
        var adminToken = new Option<string?>("--admin-token")
        {
            Description = "Admin token, if `up` was given one [GATEHOUSE_ADMIN_TOKEN]",
            DefaultValueFactory = _ => Environment.GetEnvironmentVariable(UpCommand.VariableOf("--admin-token")),
        };
        var command = new Command("demo", "Fill a running instance with an example") { dataDirectory, adminToken };
        command.SetAction((result, cancellationToken) => RunAsync(result.GetValue(dataDirectory)!, result.GetValue(adminToken), cancellationToken));
        return command;
    }

    private static async Task<int> RunAsync(string dataDirectory, string? adminToken, CancellationToken cancellationToken)
    {
        using var signals = new StopSignals();
        using var stopping = CancellationTokenSource.CreateLinkedTokenSource(signals.Requested, cancellationToken);
        var instance = InstanceDescription.Read(dataDirectory);
        var token = adminToken is { Length: > 0 } ? adminToken : Secrets.Load(Path.Combine(Path.GetFullPath(dataDirectory), "secrets.json")).AdminToken;
        await using var stable = EchoServer.Build("shop/web-v1", 0);
        await using var canary = EchoServer.Build("shop/web-v2", 0);
        await using var payments = EchoServer.Build("payments/api", 0);
        foreach (var server in new[] { stable, canary, payments })
            await server.StartAsync(stopping.Token).ConfigureAwait(false);
        using var api = new DemoApi(instance.Api, token);
        var example = new Example(instance, new Uri(stable.Urls.First()), new Uri(canary.Urls.First()), new Uri(payments.Urls.First()));
        await example.WriteAsync(api, Console.Out, stopping.Token).ConfigureAwait(false);
        Console.WriteLine("The backends of the example run here; Ctrl-C ends them. Running this again changes nothing else.");
        await Console.Out.FlushAsync(stopping.Token).ConfigureAwait(false);
        await Task.Delay(Timeout.Infinite, stopping.Token).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        return 0;
    }
}
