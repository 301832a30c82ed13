namespace Gatehouse.Contracts.Api;

/// <summary>A key-encryption key (KEK), and how much lies under it. The key itself is never shown.</summary>
public sealed record KeyEncryptionKeyView
{
    /// <summary>Its id.</summary>
    public required string Id { get; init; }

    /// <summary>Whether the API process that answers has it; without it what lies under it cannot be decrypted.</summary>
    public required bool Configured { get; init; }

    /// <summary>Whether it encrypts what is written now.</summary>
    public required bool Active { get; init; }

    /// <summary>Private keys and kubeconfigs under it. A KEK that is not active and has none can be removed from the configuration.</summary>
    public required long PrivateKeys { get; init; }
}
