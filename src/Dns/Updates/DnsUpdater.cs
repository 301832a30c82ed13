using Gatehouse.Dns.Messages;

namespace Gatehouse.Dns.Updates;

/// <summary>
/// Changes TXT records of one zone by dynamic update (<see href="https://www.rfc-editor.org/rfc/rfc2136">RFC 2136</see>), signed with TSIG.
/// Each change is one transaction and may be repeated without harm. May be shared.
/// </summary>
public sealed class DnsUpdater(DnsUpdaterOptions options)
{
    /// <summary>Longest value of a TXT record, in characters.</summary>
    public const int MaxValueLength = 4_000;

    private const int MaxValues = 32;

    private static readonly TimeSpan MaxTimeToLive = TimeSpan.FromDays(7);

    /// <summary>Adds a value to those that the name has.</summary>
    /// <param name="name">Name at or below the zone.</param>
    /// <param name="value">Value in ASCII.</param>
    /// <param name="timeToLive">How long resolvers may keep it; the server has one for all values of a name.</param>
    /// <param name="cancellationToken">Ends it; the update may have been made.</param>
    /// <exception cref="ArgumentException">Name, value or time are out of bounds.</exception>
    public Task<DnsUpdateResult> AddTextAsync(DnsName name, string value, TimeSpan timeToLive, CancellationToken cancellationToken) =>
        SendAsync(name, 1, update => Add(update, name, value, timeToLive), cancellationToken);

    /// <summary>Removes one value and leaves the others; one that is not there is no error.</summary>
    /// <param name="name">Name at or below the zone.</param>
    /// <param name="value">Value in ASCII.</param>
    /// <param name="cancellationToken">Ends it; the update may have been made.</param>
    /// <exception cref="ArgumentException">Name or value are out of bounds.</exception>
    public Task<DnsUpdateResult> DeleteTextAsync(DnsName name, string value, CancellationToken cancellationToken) =>
        SendAsync(name, 1, update => update.Record(name.Text, DnsRecordType.TXT, DnsMessage.NoneClass, 0, data => data.Strings(Checked(value))), cancellationToken);

    /// <summary>Replaces all values of the name by these at once; none: removes them all.</summary>
    /// <param name="name">Name at or below the zone.</param>
    /// <param name="values">Values in ASCII.</param>
    /// <param name="timeToLive">How long resolvers may keep them.</param>
    /// <param name="cancellationToken">Ends it; the update may have been made.</param>
    /// <exception cref="ArgumentException">Name, values or time are out of bounds.</exception>
    public Task<DnsUpdateResult> ReplaceTextAsync(DnsName name, IReadOnlyCollection<string> values, TimeSpan timeToLive, CancellationToken cancellationToken)
    {
        if (values.Count > MaxValues)
            throw new ArgumentException($"A name gets at most {MaxValues} values.", nameof(values));
        return SendAsync(name, values.Count + 1, update =>
        {
            update.Record(name.Text, DnsRecordType.TXT, DnsMessage.AnyClass, 0);
            foreach (var value in values)
                Add(update, name, value, timeToLive);
        }, cancellationToken);
    }

    private static void Add(WireWriter update, DnsName name, string value, TimeSpan timeToLive)
    {
        if (timeToLive < TimeSpan.Zero || timeToLive > MaxTimeToLive)
            throw new ArgumentOutOfRangeException(nameof(timeToLive));
        update.Record(name.Text, DnsRecordType.TXT, DnsMessage.Internet, (long)timeToLive.TotalSeconds, data => data.Strings(Checked(value)));
    }

    private static string Checked(string value) => value.Length <= MaxValueLength && value.All(static c => c is >= ' ' and <= '~')
        ? value
        : throw new ArgumentException($"The value of a TXT record must be at most {MaxValueLength} printable ASCII characters.", nameof(value));

    private async Task<DnsUpdateResult> SendAsync(DnsName name, int count, Action<WireWriter> changes, CancellationToken cancellationToken)
    {
        if (!name.IsAtOrBelow(options.Zone))
            throw new ArgumentException($"The name is not in the zone {options.Zone}.", nameof(name));
        const int UpdateOpcode = 5 << 11;
        var update = new WireWriter().UInt16(0).UInt16(UpdateOpcode).UInt16(1).UInt16(0).UInt16(count).UInt16(0)
            .Name(options.Zone.Text).UInt16((int)DnsRecordType.SOA).UInt16(DnsMessage.Internet);
        changes(update);
        return await new UpdateExchange(options, update.ToArray()).RunAsync(cancellationToken);
    }
}
