namespace Gatehouse.Dns;

/// <summary>What a server answered to a question.</summary>
/// <param name="Server">Who was asked.</param>
/// <param name="Name">Name that was asked for.</param>
/// <param name="Type">Type that was asked for.</param>
/// <param name="Outcome">How it went.</param>
public sealed record DnsAnswer(DnsServer Server, string Name, DnsRecordType Type, DnsOutcome Outcome)
{
    /// <summary>Records of the type, at the end of the chain of aliases.</summary>
    public IReadOnlyList<DnsRecord> Records { get; init; } = [];

    /// <summary>Targets of the aliases that were followed, in order; the last one owns the records. Kept when the chain breaks off.</summary>
    public IReadOnlyList<string> Through { get; init; } = [];

    /// <summary>Whether the chain came back to a name that it had been at.</summary>
    public bool IsLoop { get; init; }

    /// <summary>Seconds for which the server goes on answering this, of records and of their absence; null: it did not say.</summary>
    public long? TimeToLive { get; init; }

    /// <summary>Zone that said that there is nothing; null: unknown.</summary>
    public string? Zone { get; init; }

    /// <summary>Whether the server only named other servers, which a resolver should have asked.</summary>
    public bool IsReferral { get; init; }

    /// <summary>RCODE of the last answer; null: there was none.</summary>
    public int? ResponseCode { get; init; }

    /// <summary>Codes of <see href="https://www.rfc-editor.org/rfc/rfc8914">RFC 8914</see> by which the server explained itself.</summary>
    public IReadOnlyList<int> ExtendedErrors { get; init; } = [];

    /// <summary>Whether it says something about the name, whatever that is, and not only about the server.</summary>
    public bool IsDefinite => Outcome is DnsOutcome.Answered or DnsOutcome.NoData or DnsOutcome.NameMissing;

    /// <summary>Addresses among the records.</summary>
    public IEnumerable<System.Net.IPAddress> Addresses => Records.Select(static record => record.Data).OfType<AddressData>().Select(static data => data.Address);

    /// <summary>Values of the TXT records, each one's strings joined.</summary>
    public IEnumerable<string> Texts => Records.Select(static record => record.Data).OfType<TextData>().Select(static data => data.Value);
}
