using System.CommandLine;
using Gatehouse.Standalone;
using Gatehouse.Standalone.Checks;
using Gatehouse.Standalone.Demo;
using Gatehouse.Standalone.Echo;
using Gatehouse.Standalone.Manifests;
using Gatehouse.Standalone.Options;
using Gatehouse.Standalone.Postgres;
using Gatehouse.Standalone.Up;

var root = new RootCommand("Gatehouse, a managed gateway service") 
{
    UpCommand.Create(UpRun.RunAsync), DemoCommand.Create(), ImportCommand.Create(), ExportCommand.Create(), CheckCommand.Create(), EchoCommand.Create(), PostgresCommand.Create(),
};
var parsed = root.Parse(args);
if (parsed.Errors.Count > 0)
{
    await Console.Error.WriteLineAsync($"gatehouse: {parsed.Errors[0].Message} (--help lists the options)");
    return 2;
}
try
{
    // The commands see to signals themselves: a stop takes as long as it takes.
    return await parsed.InvokeAsync(new InvocationConfiguration { EnableDefaultExceptionHandler = false, ProcessTerminationTimeout = null });
}
catch (StartupFailure failure)
{
    await Console.Error.WriteLineAsync($"gatehouse: {failure.Message}");
    return 1;
}
