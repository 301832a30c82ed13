namespace Gatehouse.Gateway.Compilation.Incremental;

/// <summary>What an object read while it was compiled.</summary>
/// <param name="Topics">Facts.</param>
/// <param name="Claims">Names whose owner it asked for.</param>
/// <param name="Hostnames">Names for which it asked for the tenant's Hostnames.</param>
internal sealed record Footprint(Topic[] Topics, string[] Claims, string[] Hostnames)
{
    public static Footprint None { get; } = new([], [], []);

    public bool IsSame(Footprint other) =>
        Topics.AsSpan().SequenceEqual(other.Topics) && Claims.AsSpan().SequenceEqual(other.Claims) && Hostnames.AsSpan().SequenceEqual(other.Hostnames);
}

/// <summary>Collects a footprint.</summary>
internal sealed class FootprintRecorder
{
    private readonly HashSet<Topic> _topics = [];
    private readonly HashSet<string> _claims = new(StringComparer.Ordinal);
    private readonly HashSet<string> _hostnames = new(StringComparer.Ordinal);

    public void Read(Topic topic) => _topics.Add(topic);

    public void ReadClaim(string hostname) => _claims.Add(hostname);

    public void ReadHostnames(string hostname) => _hostnames.Add(hostname);

    public Footprint ToFootprint() =>
        _topics.Count + _claims.Count + _hostnames.Count == 0 ? Footprint.None : new Footprint([.. _topics], [.. _claims], [.. _hostnames]);

    public void Clear()
    {
        _topics.Clear();
        _claims.Clear();
        _hostnames.Clear();
    }
}
