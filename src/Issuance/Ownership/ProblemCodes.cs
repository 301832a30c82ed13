namespace Gatehouse.Issuance.Ownership;

/// <summary>Stable codes of what can be wrong with a hostname's records (<see cref="Contracts.Api.HostnameProblem.Code"/>).</summary>
public static class ProblemCodes
{
#pragma warning disable CS1591 // The codes are their own documentation; each one's message and next step stand where it is found.
    public const string TxtMissing = "TxtMissing";
    public const string TxtWrongValue = "TxtWrongValue";
    public const string TxtOldClaim = "TxtOldClaim";
    public const string TxtAtWrongName = "TxtAtWrongName";
    public const string ZoneAppendedTwice = "ZoneAppendedTwice";
    public const string TxtQuoted = "TxtQuoted";
    public const string TxtNotEverywhere = "TxtNotEverywhere";
    public const string TxtBlockedByCname = "TxtBlockedByCname";
    public const string CnameMissing = "CnameMissing";
    public const string CnameWrongTarget = "CnameWrongTarget";
    public const string CnameAtApex = "CnameAtApex";
    public const string CnameLoop = "CnameLoop";
    public const string NameMissing = "NameMissing";
    public const string AddressMissing = "AddressMissing";
    public const string AddressElsewhere = "AddressElsewhere";
    public const string AddressPartlyElsewhere = "AddressPartlyElsewhere";
    public const string StaleAaaa = "StaleAaaa";
    public const string ProxyInFront = "ProxyInFront";
    public const string PrivateAddress = "PrivateAddress";
    public const string CaaForbids = "CaaForbids";
    public const string CaaForbidsWildcard = "CaaForbidsWildcard";
    public const string CaaUnreadable = "CaaUnreadable";
    public const string ServerFailure = "ServerFailure";
    public const string ResolversTimedOut = "ResolversTimedOut";
    public const string ResolverRefused = "ResolverRefused";
    public const string ResolverGarbled = "ResolverGarbled";
    public const string LameDelegation = "LameDelegation";
    public const string AcmeDelegationMissing = "AcmeDelegationMissing";
    public const string AcmeDelegationWrong = "AcmeDelegationWrong";
    public const string AcmeTxtInTheWay = "AcmeTxtInTheWay";
    public const string ResolversDisagree = "ResolversDisagree";
#pragma warning restore CS1591
}

/// <summary>Who must act (<see cref="Contracts.Api.HostnameProblem.WhoMustAct"/>).</summary>
internal static class Actors
{
    public const string Tenant = "Tenant", DnsProvider = "DnsProvider", Platform = "Platform", Nobody = "Nobody";
}
