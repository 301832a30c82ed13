using Gatehouse.Gateway.Resources;

namespace Gatehouse.Gateway.Compilation;

/// <summary>One change of what the compiler reads.</summary>
public abstract record InputChange;

/// <summary>An object is created or replaced.</summary>
/// <param name="Resource">The object.</param>
public sealed record ResourceUpsert(Resource Resource) : InputChange;

/// <summary>An object is gone.</summary>
/// <param name="Key">The object.</param>
public sealed record ResourceRemoval(ResourceKey Key) : InputChange;

/// <summary>A tenant is created or its labels changed.</summary>
/// <param name="Tenant">The tenant.</param>
public sealed record TenantUpsert(TenantInfo Tenant) : InputChange;

/// <summary>A tenant is gone, and with it all of its objects and claims.</summary>
/// <param name="Tenant">Name of the tenant.</param>
public sealed record TenantRemoval(string Tenant) : InputChange;

/// <summary>A claim is entered in the ledger or changes its state.</summary>
/// <param name="Claim">The claim.</param>
public sealed record ClaimUpsert(HostnameClaim Claim) : InputChange;

/// <summary>A claim is released.</summary>
/// <param name="Hostname">Claimed name.</param>
/// <param name="Tenant">Who claimed it.</param>
public sealed record ClaimRemoval(string Hostname, string Tenant) : InputChange;

/// <summary>A challenge is to be answered.</summary>
/// <param name="Challenge">The challenge.</param>
public sealed record ChallengeUpsert(HostnameChallenge Challenge) : InputChange;

/// <summary>A challenge is over.</summary>
/// <param name="Tenant">Tenant of the Hostname.</param>
/// <param name="Token">Its token.</param>
public sealed record ChallengeRemoval(string Tenant, string Token) : InputChange;
