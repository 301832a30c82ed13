using Gatehouse.Portal;

await PortalHost.Build(PortalConfiguration.Read(Environment.GetEnvironmentVariables())).RunAsync();
