namespace Gatehouse.Gateway.Compilation.Conditions;

/// <summary>Condition types and reasons; upstream's (https://gateway-api.sigs.k8s.io/reference/spec/) and, where it has none, our own.</summary>
internal static class Reasons
{
    public const string Accepted = "Accepted";
    public const string ResolvedRefs = "ResolvedRefs";
    public const string Conflicted = "Conflicted";
    public const string Programmed = "Programmed";
    public const string OverlappingTlsConfig = "OverlappingTLSConfig";
    public const string InsecureFrontendValidationMode = "InsecureFrontendValidationMode";
    public const string PartiallyInvalid = "PartiallyInvalid";

    public const string NoConflicts = "NoConflicts";
    public const string HostnameConflict = "HostnameConflict";
    public const string ProtocolConflict = "ProtocolConflict";
    public const string ListenerConflict = "ListenerConflict";
    public const string OverlappingHostnames = "OverlappingHostnames";
    public const string ConfigurationChanged = "ConfigurationChanged";

    public const string Invalid = "Invalid";
    public const string InvalidParameters = "InvalidParameters";
    public const string InvalidRouteKinds = "InvalidRouteKinds";
    public const string InvalidClientCertificateRef = "InvalidClientCertificateRef";
    public const string InvalidCertificateRef = "InvalidCertificateRef";
    public const string InvalidCaCertificateKind = "InvalidCACertificateKind";
    public const string NoValidCaCertificate = "NoValidCACertificate";
    public const string InvalidCaCertificateRef = "InvalidCACertificateRef";
    public const string ListenersNotResolved = "ListenersNotResolved";
    public const string ListenersNotValid = "ListenersNotValid";
    public const string NotAllowed = "NotAllowed";
    public const string ParentNotAccepted = "ParentNotAccepted";
    public const string Pending = "Pending";
    public const string PortUnavailable = "PortUnavailable";
    public const string Unsupported = "Unsupported";
    public const string UnsupportedAddress = "UnsupportedAddress";
    public const string UnsupportedProtocol = "UnsupportedProtocol";
    public const string UnsupportedValue = "UnsupportedValue";

    public const string BackendNotFound = "BackendNotFound";
    public const string IncompatibleFilters = "IncompatibleFilters";
    public const string InvalidKind = "InvalidKind";
    public const string NoMatchingListenerHostname = "NoMatchingListenerHostname";
    public const string NoMatchingParent = "NoMatchingParent";
    public const string NotAllowedByListeners = "NotAllowedByListeners";
    public const string TargetNotFound = "TargetNotFound";
    public const string RefNotPermitted = "RefNotPermitted";

    /// <summary>Our own condition: True while a field is stored that no data plane of this version acts on.</summary>
    public const string UnsupportedFields = "UnsupportedFields";

    /// <summary>Our own condition and reason: True while a rule's weights are all 0, so that none of its backends takes traffic.</summary>
    public const string NoWeight = "NoWeight";

    /// <summary>Our own condition and reason: True while some matches of a route can never win.</summary>
    public const string Shadowed = "Shadowed";

    /// <summary>Our own condition: False while the compiler fails on an object and its last good result stays in force.</summary>
    public const string Compiled = "Compiled";

    /// <summary>Our own condition: whether a tenant's claim on a name is proven.</summary>
    public const string Verified = "Verified";

    /// <summary>Our own condition: whether a Hostname has a certificate to end TLS with.</summary>
    public const string CertificateReady = "CertificateReady";

    /// <summary>Our own reason: no certificate of the tenant covers a Hostname.</summary>
    public const string NoCertificate = "NoCertificate";

    /// <summary>Our own reason: the cluster that serves a Hostname has its certificate issued.</summary>
    public const string IssuedInCluster = "IssuedInCluster";

    /// <summary>Our own reason: the ledger gave the name to another tenant.</summary>
    public const string Lost = "Lost";

    /// <summary>Our own reason: a tenant's listener on a shared address must name hosts.</summary>
    public const string HostnameRequired = "HostnameRequired";

    /// <summary>Our own reason: the tenant has not claimed the listener's hostname.</summary>
    public const string HostnameNotClaimed = "HostnameNotClaimed";

    /// <summary>Our own reason: a Gateway that a Hostname names is missing.</summary>
    public const string GatewayNotFound = "GatewayNotFound";

    /// <summary>Our own reason: the compiler failed.</summary>
    public const string CompilerFailure = "CompilerFailure";

    /// <summary>Our own reason: a field is stored and not acted on.</summary>
    public const string NotSupported = "NotSupported";
}
