using System.Security.Cryptography;
using System.Text;
using Gatehouse.Gateway.Resources;

namespace Gatehouse.Gateway.Projection;

/// <summary>Names of objects in clusters. What teams may have under the same name already (Services, Secrets, ConfigMaps) gets a prefix.</summary>
internal static class ProjectedNames
{
    /// <summary>A Service that is never there: what may not be referenced is sent to it, and so answered with an error.</summary>
    public const string Nowhere = "gatehouse-refused";

    private const string Prefix = "gh-";
    private const int MaxLabel = 63;
    private const int MaxName = 253;
    private const int HashLength = 8;

    /// <summary>The Service of a Backend.</summary>
    public static string ServiceOf(string backend) => Bounded(Prefix + backend, MaxLabel, dots: false);

    /// <summary>The Secret of a Certificate.</summary>
    public static string SecretOf(string certificate) => Bounded(Prefix + certificate, MaxName);

    /// <summary>The Secret that cert-manager fills for a Hostname.</summary>
    public static string IssuedSecretOf(string hostname) => Bounded(Prefix + "tls." + ListenerSetOf(hostname), MaxName);

    /// <summary>The ConfigMap of one.</summary>
    public static string ConfigMapOf(string configMap) => Bounded(Prefix + configMap, MaxName);

    /// <summary>The BackendTLSPolicy of a Backend's own <c>spec.tls</c>.</summary>
    public static string PolicyOf(string backend) => Bounded($"{Prefix}{backend}-tls", MaxName);

    /// <summary>The ListenerSet of a Hostname. Exact and wildcard names begin differently, so none takes another one's.</summary>
    public static string ListenerSetOf(string hostname) =>
        Bounded(hostname.StartsWith("*.", StringComparison.Ordinal) ? $"any.{hostname[2..]}" : $"host.{hostname}", MaxName);

    /// <summary>A Hostname's listener among others of a Gateway, such as <c>http.shop.example.com</c>.</summary>
    public static string ListenerOf(string protocol, string hostname) =>
        Bounded(hostname.StartsWith("*.", StringComparison.Ordinal) ? $"{protocol}-any.{hostname[2..]}" : $"{protocol}.{hostname}", MaxName);

    /// <summary>A listener of a ListenerSet among others of a Gateway.</summary>
    public static string ListenerOf(ResourceKey listenerSet, string listener) => Bounded($"{listener}.{listenerSet.Name}.{listenerSet.Tenant}", MaxName);

    /// <summary>The HTTPRoute that redirects a Hostname's plain HTTP.</summary>
    public static string RedirectOf(string hostname) => Bounded(Prefix + "https." + ListenerSetOf(hostname), MaxName);

    /// <summary>A shard; the first has the name itself.</summary>
    public static string ShardOf(string name, int shard) => shard == 0 ? name : Bounded(string.Create(null, $"{name}-s{shard}"), MaxName);

    /// <summary>A Gateway of the platform in a tenant's Namespace.</summary>
    public static string DedicatedOf(string gateway) => Bounded($"gatehouse-{gateway}", MaxName);

    /// <summary>A grant, told apart by what it grants.</summary>
    public static string GrantOf(string fromKind, string fromNamespace, string toKind, string toName) =>
        Bounded($"gh-{fromKind}-{fromNamespace}-{toKind}-{toName}".ToLowerInvariant(), MaxName - HashLength - 1) + "-" + HashOf($"{fromKind}\n{fromNamespace}\n{toKind}\n{toName}");

    /// <summary>A name cut to a length; what was cut still tells names apart.</summary>
    public static string Bounded(string name, int length, bool dots = true)
    {
        var safe = dots ? name : name.Replace('.', '-');
        if (safe.Length <= length && safe == name)
            return name;
        return $"{safe[..Math.Min(safe.Length, length - HashLength - 1)].TrimEnd('-', '.')}-{HashOf(name)}";
    }

    private static string HashOf(string text) => Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(text)).AsSpan(0, HashLength / 2));
}
