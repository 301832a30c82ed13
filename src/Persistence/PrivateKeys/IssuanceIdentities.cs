using System.Globalization;

namespace Gatehouse.Persistence.PrivateKeys;

/// <summary>Whose key an account at a certificate authority has.</summary>
/// <param name="Directory">The authority's directory.</param>
/// <param name="Version">Version of the row; grows with each key that is written.</param>
public sealed record AccountIdentity(string Directory, long Version) : SecretIdentity
{
    internal override string Secret => "account key";

    internal override string DataKey => "account data key";

    // A URL holds no line breaks.
    internal override string Owner => string.Create(CultureInfo.InvariantCulture, $"{Directory}\n{Version}");
}

/// <summary>Whose the private key of an order is that no certificate was issued for yet.</summary>
/// <param name="TenantId">Tenant.</param>
/// <param name="HostnameId">Id of the Hostname.</param>
/// <param name="Version">Version of the key; grows with each that is drawn.</param>
public sealed record PendingKeyIdentity(Guid TenantId, Guid HostnameId, long Version) : SecretIdentity
{
    internal override string Secret => "pending private key";

    internal override string DataKey => "pending data key";

    internal override string Owner => string.Create(CultureInfo.InvariantCulture, $"{TenantId:D}\n{HostnameId:D}\n{Version}");
}
