using System.Text.Json;

namespace Gatehouse.Api.Tests.Clusters;

/// <summary>Kubeconfigs with secrets that can be looked for.</summary>
public static class TestKubeconfig
{
    public const string Token = "eyJhbGciOi-very-secret-token-of-the-cluster";
    public const string ClientKey = "U0VDUkVULUNMSUVOVC1LRVktREFUQQ";

    /// <summary>YAML with a token and a client certificate.</summary>
    public static string Yaml(string token = Token, string server = "https://10.1.2.3:6443") =>
        $$"""
        apiVersion: v1
        kind: Config
        current-context: main
        clusters:
        - name: east
          cluster: {server: "{{server}}", certificate-authority-data: Q0E=}
        users:
        - name: worker
          user:
            token: {{token}}
            client-key-data: {{ClientKey}}
            client-certificate-data: Q0VSVA==
        contexts:
        - name: main
          context: {cluster: east, user: worker}
        - name: other
          context: {cluster: east, user: worker, namespace: x}
        """;

    /// <summary>A body of PUT.</summary>
    public static string Body(string kubeconfig, string? context = null) =>
        JsonSerializer.Serialize(new { spec = context is null ? (object)new { kubeconfig } : new { kubeconfig, context } });
}
