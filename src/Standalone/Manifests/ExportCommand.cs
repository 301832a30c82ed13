using System.CommandLine;

namespace Gatehouse.Standalone.Manifests;

/// <summary>`./gatehouse export`: writes manifests to standard output.</summary>
internal static class ExportCommand
{
    public static Command Create()
    {
        var access = new ApiAccess();
        var tenant = new Option<string?>("--tenant") { Description = "Export this tenant alone (default: everything)" };
        var format = new Option<string>("--format") { Description = "yaml or json", DefaultValueFactory = static _ => "yaml" };
        format.AcceptOnlyFromAmong("yaml", "json");
        var command = new Command("export", "Export what tenants have as Kubernetes manifests, without private keys");
        foreach (var option in new Option[] { tenant, format }.Concat(access.Options))
            command.Options.Add(option);
        command.SetAction(async (result, cancellationToken) =>
        {
            using var http = access.Connect(result);
            var path = result.GetValue(tenant) is { Length: > 0 } name ? $"tenants/{Uri.EscapeDataString(name)}/export" : "export";
            return await RunAsync(http, $"{path}?format={result.GetValue(format)}", cancellationToken).ConfigureAwait(false);
        });
        return command;
    }

    private static async Task<int> RunAsync(HttpClient http, string path, CancellationToken cancellationToken)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, path);
        using var response = await ApiAccess.SendAsync(http, request, cancellationToken).ConfigureAwait(false);
        if (!response.IsSuccessStatusCode)
            throw new StartupFailure(await ApiAccess.DetailAsync(response, cancellationToken).ConfigureAwait(false));
        await using var output = Console.OpenStandardOutput();
        await response.Content.CopyToAsync(output, cancellationToken).ConfigureAwait(false);
        return 0;
    }
}
