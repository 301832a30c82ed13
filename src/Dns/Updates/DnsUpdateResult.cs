namespace Gatehouse.Dns.Updates;

/// <summary>How an update went.</summary>
public enum DnsUpdateOutcome
{
    /// <summary>The server has it.</summary>
    Applied,

    /// <summary>The server does not let the key do this.</summary>
    Refused,

    /// <summary>The server does not hold the zone, or the name is not in it.</summary>
    NotInZone,

    /// <summary>The server does not know the key, or not for updates of the zone (BADKEY).</summary>
    BadKey,

    /// <summary>The server knows the key's name with another secret or algorithm (BADSIG).</summary>
    BadSignature,

    /// <summary>The server's clock and ours differ too much (BADTIME).</summary>
    BadTime,

    /// <summary>The answer says that it was done, and is not signed, or it is signed wrongly: somebody else may have sent it.</summary>
    AnswerNotTrusted,

    /// <summary>The server failed.</summary>
    ServerFailure,

    /// <summary>No answer came in time. The update may have been made.</summary>
    TimedOut,

    /// <summary>Nothing listens there, or there is no way to it.</summary>
    Unreachable,

    /// <summary>What came back is not an answer.</summary>
    Malformed,
}

/// <summary>How an update went.</summary>
/// <param name="Outcome">How it went.</param>
/// <param name="Message">For people; holds no secret.</param>
public sealed record DnsUpdateResult(DnsUpdateOutcome Outcome, string Message)
{
    /// <summary>Whether the server has it.</summary>
    public bool IsApplied => Outcome == DnsUpdateOutcome.Applied;
}
