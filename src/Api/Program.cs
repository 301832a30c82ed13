using Gatehouse.Api;

var app = ApiConfiguration.IsDescribing
    ? ApiHost.BuildDescription()
    : ApiHost.Build(ApiConfiguration.Read(Environment.GetEnvironmentVariables()));
await app.RunAsync();
