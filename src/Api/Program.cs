using Gatehouse.Api;

if (ApiConfiguration.IsDescribing)
{
    await ApiHost.BuildDescription().RunAsync();
    return 0;
}
ApiHostOptions options;
try
{
    options = ApiConfiguration.Read(Environment.GetEnvironmentVariables());
}
catch (InvalidOperationException e)
{
    await Console.Error.WriteLineAsync(e.Message);
    return 2;
}
await ApiHost.Build(options).RunAsync();
return 0;
