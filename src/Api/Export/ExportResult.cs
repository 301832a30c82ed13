using System.Text;
using System.Text.Json.Nodes;
using Gatehouse.Api.Bodies;
using Gatehouse.Api.Import;

namespace Gatehouse.Api.Export;

/// <summary>Writes manifests as they are read, so that no export is held in memory.</summary>
/// <param name="manifests">Manifests.</param>
/// <param name="json">A Kubernetes List instead of YAML documents.</param>
internal sealed class ExportResult(IAsyncEnumerable<JsonObject> manifests, bool json) : IResult
{
    private const string YamlHead = "# Exported from Gatehouse. Private keys are not part of an export.\n";
    private const string JsonHead = """{"apiVersion":"v1","kind":"List","items":[""";

    public async Task ExecuteAsync(HttpContext httpContext)
    {
        var response = httpContext.Response;
        response.ContentType = json ? JsonBody.Json : ImportBody.Yaml;
        var aborted = httpContext.RequestAborted;
        await using var text = new StreamWriter(response.Body, new UTF8Encoding(false), leaveOpen: true);

        // The first manifest is there before anything is sent: until then a failure can be answered.
        await using var documents = manifests.GetAsyncEnumerator(aborted);
        var more = await documents.MoveNextAsync();
        await text.WriteAsync((json ? JsonHead : YamlHead).AsMemory(), aborted);
        for (var separator = ""; more; more = await documents.MoveNextAsync(), separator = ",\n")
            await text.WriteAsync((json ? separator + documents.Current.ToJsonString() : YamlText.Document(documents.Current)).AsMemory(), aborted);
        if (json)
            await text.WriteAsync("]}\n".AsMemory(), aborted);
    }
}
