using System.CommandLine;

namespace Gatehouse.Standalone.Postgres;

/// <summary>`postgres`: finds or fetches a server and prints its directory; for scripts.</summary>
internal static class PostgresCommand
{
    public static Command Create()
    {
        var command = new Command("postgres", "Find or fetch a Postgres server and print its directory") { Hidden = true };
        command.SetAction(async (_, cancellationToken) =>
        {
            var binaries = await new PostgresInstallation(Console.Error.WriteLine).ProvideAsync("", cancellationToken).ConfigureAwait(false);
            Console.WriteLine(binaries.Directory);
            return 0;
        });
        return command;
    }
}
