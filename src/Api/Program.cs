using Gatehouse.Api;

var app = ApiHost.Build(ApiConfiguration.Read(Environment.GetEnvironmentVariables()));
await app.RunAsync();
