using Gatehouse.Portal;

var configuration = new ConfigurationBuilder().AddEnvironmentVariables().AddCommandLine(args).Build();
await PortalHost.Build(PortalHostOptions.Read(configuration)).RunAsync();
