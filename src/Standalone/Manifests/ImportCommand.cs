using System.CommandLine;
using System.Net;
using System.Net.Http.Headers;
using System.Text.Json;
using Gatehouse.Contracts.Api;

namespace Gatehouse.Standalone.Manifests;

/// <summary>`./gatehouse import -f FILE`: sends manifests and prints what became of each.</summary>
internal static class ImportCommand
{
    private static readonly JsonSerializerOptions Json = new(JsonSerializerDefaults.Web);

    public static Command Create()
    {
        var access = new ApiAccess();
        var files = new Option<string[]>("--file", "-f") { Description = "File or directory with YAML or JSON, - for standard input; may be repeated", Required = true, AllowMultipleArgumentsPerToken = true };
        var tenant = new Option<string?>("--tenant") { Description = "Import into this tenant alone (default: each namespace is a tenant)" };
        var source = new Option<string?>("--source") { Description = "Name of this set of manifests (default: default)" };
        var flags = new[]
        {
            new Option<bool>("--prune") { Description = "Delete what the source imported before and is absent now" },
            new Option<bool>("--strict") { Description = "Change nothing if any object is refused" },
            new Option<bool>("--takeover") { Description = "Replace objects of other sources, and those that were edited by hand" },
            new Option<bool>("--dry-run") { Description = "Run all checks and change nothing" },
        };
        var command = new Command("import", "Import Kubernetes manifests");
        foreach (var option in new Option[] { files, tenant, source }.Concat(flags).Concat(access.Options))
            command.Options.Add(option);
        command.SetAction(async (result, cancellationToken) =>
        {
            using var http = access.Connect(result);
            var path = result.GetValue(tenant) is { Length: > 0 } name ? $"tenants/{Uri.EscapeDataString(name)}/import" : "import";
            var query = flags.Where(result.GetValue).Select(flag => flag.Name == "--dry-run" ? "dryRun=true" : flag.Name[2..] + "=true");
            if (result.GetValue(source) is { Length: > 0 } named)
                query = query.Append("source=" + Uri.EscapeDataString(named));
            return await RunAsync(http, path + "?" + string.Join('&', query), result.GetValue(files)!, cancellationToken).ConfigureAwait(false);
        });
        return command;
    }

    private static async Task<int> RunAsync(HttpClient http, string path, IReadOnlyList<string> files, CancellationToken cancellationToken)
    {
        var (text, json) = await ManifestFiles.ReadAsync(files, cancellationToken).ConfigureAwait(false);
        using var request = new HttpRequestMessage(HttpMethod.Post, path) { Content = new ByteArrayContent(text) };
        request.Content.Headers.ContentType = new MediaTypeHeaderValue(json ? "application/json" : "application/yaml");
        using var response = await ApiAccess.SendAsync(http, request, cancellationToken).ConfigureAwait(false);
        if (response.StatusCode == HttpStatusCode.UnprocessableEntity
            && await response.Content.ReadAsStringAsync(cancellationToken).ConfigureAwait(false) is var body
            && JsonSerializer.Deserialize<ApiProblem>(body, Json) is { Objects: { } refused } problem)
        {
            ImportReport.Write(Console.Out, refused);
            throw new StartupFailure(problem.Detail ?? "the import was refused.");
        }
        if (!response.IsSuccessStatusCode)
            throw new StartupFailure(await ApiAccess.DetailAsync(response, cancellationToken).ConfigureAwait(false));
        var view = await JsonSerializer.DeserializeAsync<ImportView>(await response.Content.ReadAsStreamAsync(cancellationToken).ConfigureAwait(false), Json, cancellationToken).ConfigureAwait(false);
        ImportReport.Write(Console.Out, view!.Objects);
        ImportReport.WriteSummary(Console.Out, view);
        return view.Summary.Refused == 0 ? 0 : 1;
    }
}
