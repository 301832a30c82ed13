namespace Gatehouse.Gateway.Compilation.Incremental;

/// <summary>What an object read while it was compiled.</summary>
/// <param name="Topics">Facts.</param>
/// <param name="Claims">Names whose owner it asked for.</param>
/// <param name="Hostnames">Names for which it asked for the tenant's Hostnames.</param>
internal sealed record Footprint(Topic[] Topics, string[] Claims, string[] Hostnames)
{
    public static Footprint None { get; } = new([], [], []);
}

/// <summary>Collects a footprint. Objects read a handful of facts each, so lists are searched from end to end.</summary>
internal sealed class FootprintRecorder
{
    private readonly List<Topic> _topics = [];
    private readonly List<string> _claims = [];
    private readonly List<string> _hostnames = [];

    public void Read(Topic topic) => Add(_topics, topic);

    public void ReadClaim(string hostname) => Add(_claims, hostname);

    public void ReadHostnames(string hostname) => Add(_hostnames, hostname);

    /// <summary>What was recorded; <paramref name="last"/> itself if that is the same.</summary>
    public Footprint ToFootprint(Footprint last) =>
        _topics.SequenceEqual(last.Topics) && _claims.SequenceEqual(last.Claims) && _hostnames.SequenceEqual(last.Hostnames)
            ? last
            : new Footprint([.. _topics], [.. _claims], [.. _hostnames]);

    public void Clear()
    {
        _topics.Clear();
        _claims.Clear();
        _hostnames.Clear();
    }

    private static void Add<T>(List<T> list, T value)
    {
        // A route without hostnames reads every Hostname of its tenant, each once: that list is not searched to its end.
        const int Searched = 32;
        if (list.Count > Searched || !list.Contains(value))
            list.Add(value);
    }
}
