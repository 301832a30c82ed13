namespace Gatehouse.Dns;

/// <summary>A resource record.</summary>
/// <param name="Name">Owner: lower case without trailing dot; unusual bytes as <c>\DDD</c>; <c>.</c> is the root.</param>
/// <param name="Type">Its type; values without a name occur.</param>
/// <param name="TimeToLive">Seconds for which it may be kept.</param>
/// <param name="Data">What it says.</param>
public sealed record DnsRecord(string Name, DnsRecordType Type, long TimeToLive, DnsData Data);
