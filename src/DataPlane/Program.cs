using Gatehouse.DataPlane.Hosting;

try
{
    await DataPlaneHost.Build(args).RunAsync();
    return 0;
}
catch (FormatException mistake)
{
    await Console.Error.WriteLineAsync($"gatehouse data plane: {mistake.Message}");
    return 2;
}
