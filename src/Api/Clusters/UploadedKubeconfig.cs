using Gatehouse.Api.Import.Documents;
using Gatehouse.Contracts.Api;
using Gatehouse.Gateway.Validation;
using Gatehouse.ServiceDefaults;

namespace Gatehouse.Api.Clusters;

/// <summary>
/// Reads an uploaded kubeconfig just far enough to refuse what no worker could use. Messages name fields and places, never what stands there:
/// all of it counts as secret.
/// </summary>
internal static class UploadedKubeconfig
{
    /// <summary>Most bytes of a kubeconfig.</summary>
    public const int MaxBytes = 256 * 1024;

    private const string Pointer = "/spec/" + ClusterInput.SecretField;

    /// <summary>Where the files of whoever uploads it are not: what they hold has to be in the text.</summary>
    private static readonly (string Field, string Inline)[] ClusterFiles = [("certificate-authority", "certificate-authority-data")];

    private static readonly (string Field, string Inline)[] UserFiles =
        [("client-certificate", "client-certificate-data"), ("client-key", "client-key-data"), ("tokenFile", "token")];

    /// <summary>What is wrong with a kubeconfig; null: nothing that can be seen here.</summary>
    /// <param name="kubeconfig">Text.</param>
    /// <param name="context">Context that is wanted; null: its current one.</param>
    public static FieldError? Check(Secret kubeconfig, string? context)
    {
        List<DocumentNode?> documents;
        try
        {
            documents = [.. YamlDocuments.Read(kubeconfig.Reveal()).Take(2)];
        }
        catch (DocumentException exception)
        {
            // The parser's own words may quote the text.
            return Invalid($"It is not YAML or JSON that a kubeconfig can be: look at line {exception.Line}, column {exception.Column}.");
        }
        if (documents is not [MapNode root])
            return Invalid("Write one kubeconfig: a YAML or JSON object with clusters, users and contexts.");
        return FirstRepeated(root) ?? CheckLists(root) ?? CheckContext(root, context);
    }

    private static FieldError? CheckLists(MapNode root) =>
        CheckList(root, "clusters", "cluster", ClusterFiles) ?? CheckList(root, "contexts", "context", []) ?? CheckList(root, "users", "user", UserFiles)
        ?? Entries(root, "users", "user").Select(static user => user["exec"] is not null || user["auth-provider"] is not null
            ? Invalid("Remove 'exec' and 'auth-provider': an uploaded kubeconfig runs no programs. Use a token or client certificate, or name a file on the sync worker's machine in spec.kubeconfigFiles.")
            : null).FirstOrDefault(static error => error is not null);

    private static FieldError? CheckList(MapNode root, string list, string item, IReadOnlyList<(string Field, string Inline)> files)
    {
        if (root[list] is not ListNode { Items: { Count: > 0 } items })
            return Invalid($"It needs a list '{list}' that is not empty.");
        if (items.Any(node => node is not MapNode map || Text(map["name"]) is null || map[item] is not MapNode))
            return Invalid($"Each of its '{list}' needs a name and an object '{item}'.");
        var written = Entries(root, list, item).SelectMany(entry => files.Where(file => entry[file.Field] is not null)).ToList();
        return written is [var (field, inline), ..]
            ? Invalid($"Write '{inline}' instead of '{field}': the sync worker does not have that file (kubectl config view --raw --flatten).")
            : null;
    }

    private static FieldError? CheckContext(MapNode root, string? wanted)
    {
        if ((wanted ?? Text(root["current-context"])) is not { Length: > 0 } name)
            return Invalid("It has no current-context: write spec.context.");
        if (Find(root, "contexts", "context", name) is not { } context)
        {
            return wanted is null
                ? Invalid("Its current-context is none of its contexts: write spec.context.")
                : new FieldError("/spec/context", ErrorCodes.InvalidFormat, "The kubeconfig has no context of this name.");
        }
        if (Text(context["cluster"]) is not { } clusterName || Find(root, "clusters", "cluster", clusterName) is not { } cluster)
            return Invalid("Its context names a cluster that it does not have.");
        if (Text(context["user"]) is not { } userName || Find(root, "users", "user", userName) is null)
            return Invalid("Its context names a user that it does not have.");
        if (!Uri.TryCreate(Text(cluster["server"]), UriKind.Absolute, out var server) || server.Scheme != Uri.UriSchemeHttps || server.UserInfo.Length > 0)
            return Invalid("The server of its cluster must be an https URL without user name.");
        return null;
    }

    private static IEnumerable<MapNode> Entries(MapNode root, string list, string item) =>
        root[list] is ListNode entries ? entries.Items.OfType<MapNode>().Select(entry => entry[item]).OfType<MapNode>() : [];

    private static MapNode? Find(MapNode root, string list, string item, string name) => root[list] is ListNode entries
        ? entries.Items.OfType<MapNode>().FirstOrDefault(entry => Text(entry["name"]) == name)?[item] as MapNode
        : null;

    /// <summary>A name may also look like a number.</summary>
    private static string? Text(DocumentNode? node) => node is ScalarNode { Kind: ScalarKind.Text or ScalarKind.Number, Text: { Length: > 0 } text } ? text : null;

    private static FieldError? FirstRepeated(DocumentNode node) => node switch
    {
        MapNode { Repeated: [var (_, line, column), ..] } => Invalid($"A key occurs twice in one object; keep one (line {line}, column {column})."),
        MapNode map => map.Entries.Select(static entry => FirstRepeated(entry.Value)).FirstOrDefault(static error => error is not null),
        ListNode list => list.Items.Select(FirstRepeated).FirstOrDefault(static error => error is not null),
        _ => null,
    };

    private static FieldError Invalid(string message) => new(Pointer, ErrorCodes.InvalidFormat, message);
}
