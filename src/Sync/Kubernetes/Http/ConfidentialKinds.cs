namespace Gatehouse.Sync.Kubernetes.Http;

/// <summary>Kinds whose values must not be repeated.</summary>
internal static class ConfidentialKinds
{
    /// <summary>Whether it is a Secret.</summary>
    public static bool IsSecret(this ApiKind kind) => kind is { Group.Length: 0, Kind: "Secret" };
}
