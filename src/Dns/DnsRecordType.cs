namespace Gatehouse.Dns;

/// <summary>Types of records that are asked for or met here (<see href="https://www.iana.org/assignments/dns-parameters">IANA's registry</see>).</summary>
public enum DnsRecordType
{
    /// <summary>IPv4 address (RFC 1035).</summary>
    A = 1,

    /// <summary>Name server (RFC 1035).</summary>
    NS = 2,

    /// <summary>Alias (RFC 1035).</summary>
    CNAME = 5,

    /// <summary>Start of a zone (RFC 1035).</summary>
    SOA = 6,

    /// <summary>Name for an address (RFC 1035).</summary>
    PTR = 12,

    /// <summary>Mail exchange (RFC 1035).</summary>
    MX = 15,

    /// <summary>Text (RFC 1035).</summary>
    TXT = 16,

    /// <summary>IPv6 address (RFC 3596).</summary>
    AAAA = 28,

    /// <summary>Alias of everything below a name (RFC 6672).</summary>
    DNAME = 39,

    /// <summary>Pseudo record of EDNS(0) (RFC 6891).</summary>
    OPT = 41,

    /// <summary>Digest of a signed zone's key (RFC 4034).</summary>
    DS = 43,

    /// <summary>How to reach an HTTP service (RFC 9460).</summary>
    HTTPS = 65,

    /// <summary>Signature of a transaction (RFC 8945).</summary>
    TSIG = 250,

    /// <summary>All types; in an update: every set of records of a name (RFC 2136).</summary>
    ANY = 255,

    /// <summary>Which certificate authorities may issue (RFC 8659).</summary>
    CAA = 257,
}
