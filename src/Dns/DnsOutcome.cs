namespace Gatehouse.Dns;

/// <summary>How a question went.</summary>
public enum DnsOutcome
{
    /// <summary>There are records of the type.</summary>
    Answered,

    /// <summary>The name exists and has none of the type.</summary>
    NoData,

    /// <summary>The name does not exist (NXDOMAIN).</summary>
    NameMissing,

    /// <summary>The server could not find out (SERVFAIL), answered with another error, or only referred to other servers.</summary>
    ServerFailure,

    /// <summary>The server does not answer us, or not for this name.</summary>
    Refused,

    /// <summary>No answer came in time.</summary>
    TimedOut,

    /// <summary>Nothing listens there, or there is no way to it.</summary>
    Unreachable,

    /// <summary>What came back is not an answer.</summary>
    Malformed,

    /// <summary>Aliases lead in a circle or further than <see cref="DnsClientOptions.MaxChain"/>.</summary>
    ChainTooLong,
}
