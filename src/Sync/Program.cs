using Gatehouse.Sync;

var configuration = new ConfigurationBuilder().AddEnvironmentVariables().AddCommandLine(args).Build();
SyncHostOptions options;
try
{
    options = SyncHostOptions.Read(configuration);
}
catch (InvalidOperationException e)
{
    await Console.Error.WriteLineAsync(e.Message);
    return 2;
}
await SyncHost.Build(options).RunAsync();
return 0;
