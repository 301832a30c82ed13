using System.CommandLine;
using System.Globalization;

namespace Gatehouse.Standalone.Echo;

/// <summary>`./gatehouse echo`: one echo backend until Ctrl-C.</summary>
internal static class EchoCommand
{
    public static Command Create()
    {
        var name = new Option<string>("--name") { Description = "What the backend calls itself", DefaultValueFactory = _ => "echo" };
        var port = new Option<int>("--port") { Description = "Port of the loopback interface", DefaultValueFactory = _ => 9001 };
        var command = new Command("echo", "Run a small backend that answers with what it got") { name, port };
        command.SetAction(async (result, cancellationToken) =>
        {
            await using var server = EchoServer.Build(result.GetValue(name)!, result.GetValue(port));
            Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{result.GetValue(name)} answers at http://127.0.0.1:{result.GetValue(port)}; Ctrl-C stops it."));
            await server.RunAsync(cancellationToken).ConfigureAwait(false);
            return 0;
        });
        return command;
    }
}
